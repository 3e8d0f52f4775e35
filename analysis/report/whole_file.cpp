#include "analysis/report/whole_file.hpp"

#include "analysis/report/file_writer.hpp"
#include "analysis/report/hidden_name.hpp"
#include "analysis/report/result_error.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <charconv>
#include <cstdio>
#include <fcntl.h>
#include <optional>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

namespace files = std::filesystem;

/// What stands where a file shall be.
struct Target {
    files::path path;                          ///< without links
    std::optional<struct stat> replaced = {};  ///< of the regular file that is there
    bool takes_bytes = false;                  ///< a device or a pipe: nothing to replace
};

[[noreturn]] void refuse_file(const files::path& path, std::string_view reason) {
    throw ResultError(fmt::format("cannot write {}: {}", path.string(), reason));
}

[[noreturn]] void refuse_file(const files::path& path, int error) {
    refuse_file(path, std::generic_category().message(error));
}

// N of /dev/stdout, /dev/stderr, /dev/fd/N and /proc/self/fd/N.
std::optional<int> descriptor_named(const files::path& path) {
    if (path == "/dev/stdout") return STDOUT_FILENO;
    if (path == "/dev/stderr") return STDERR_FILENO;
    if (path.parent_path() != "/dev/fd" && path.parent_path() != "/proc/self/fd") return std::nullopt;
    const std::string name = path.filename().string();
    int number = 0;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error != std::errc{} || end != name.data() + name.size() || number < 0) return std::nullopt;
    return number;
}

// Where a file that isn't there yet would be made.
files::path place_of_new(const files::path& path) {
    struct stat link {};
    if (::lstat(path.c_str(), &link) == 0)
        refuse_file(path, "it is a symbolic link to a place that does not exist");
    if (!path.has_filename()) refuse_file(path, "it is no name of a file");
    const files::path folder = path.has_parent_path() ? path.parent_path() : files::path(".");
    std::error_code error;
    const files::path real = files::canonical(folder, error);
    if (error) refuse_file(path, fmt::format("there is no folder {}", folder.string()));
    if (!files::is_directory(real, error)) refuse_file(path, fmt::format("{} is no folder", folder.string()));
    return real / path.filename();
}

Target target_of(const files::path& path) {
    if (path.empty()) throw ResultError("cannot write a file: its name is empty");
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        if (errno != ENOENT) refuse_file(path, errno);
        return {.path = place_of_new(path)};
    }
    if (S_ISDIR(status.st_mode)) refuse_file(path, "it is a folder");
    if (S_ISBLK(status.st_mode) || S_ISSOCK(status.st_mode))
        refuse_file(path, "it is no file, pipe or terminal");
    if (!S_ISREG(status.st_mode)) return {.path = path, .takes_bytes = true};
    std::error_code error;
    const files::path real = files::canonical(path, error);
    if (error) refuse_file(path, error.message());
    return {.path = real, .replaced = status};
}

void check_existing(const files::path& path, const Target& target, Existing existing) {
    if (!target.replaced) return;
    if (existing == Existing::refused) refuse_file(path, "it exists already");
    if (::access(target.path.c_str(), W_OK) != 0) refuse_file(path, errno);
}

// Without waiting for whoever should read from a pipe.
int open_for_bytes(const files::path& path) {
    if (const auto number = descriptor_named(path)) {
        const int copy = ::fcntl(*number, F_DUPFD_CLOEXEC, 0);
        if (copy < 0) refuse_file(path, errno);
        return copy;
    }
    const int descriptor = ::open(path.c_str(), O_WRONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (descriptor < 0 && errno == ENXIO) refuse_file(path, "nobody reads from it");
    if (descriptor < 0) refuse_file(path, errno);
    ::fcntl(descriptor, F_SETFL, ::fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return descriptor;
}

void write_into(const files::path& path, std::string_view bytes) {
    FileWriter writer(open_for_bytes(path), path.string());
    writer.append(bytes);
    writer.close();
}

/// A file under a hidden name that is locked while it is written, so that others know its writer lives.
struct PartialFile {
    files::path path;
    int descriptor;
};

PartialFile make_partial(const files::path& target, const files::path& shown_as) {
    while (true) {
        const files::path path = hidden_path(target, "partial");
        const int descriptor =
            ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
        if (descriptor < 0 && errno == EEXIST) continue;
        if (descriptor < 0) refuse_file(shown_as, errno);
        ::flock(descriptor, LOCK_EX);
        struct stat status {};
        if (::fstat(descriptor, &status) == 0 && status.st_nlink > 0) return {path, descriptor};
        ::close(descriptor);  // swept away before it was locked
    }
}

// Files of writers that were killed: nobody holds their lock any more.
void sweep_partials(const files::path& target) {
    std::error_code error;
    for (files::directory_iterator entry(target.parent_path(), error), end; !error && entry != end;
         entry.increment(error)) {
        if (kind_of_hidden(target, entry->path().filename().string()) != "partial") continue;
        const int descriptor =
            ::open(entry->path().c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
        if (descriptor < 0) continue;
        struct stat status {};
        const bool is_file = ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode);
        if (is_file && ::flock(descriptor, LOCK_EX | LOCK_NB) == 0) ::unlink(entry->path().c_str());
        ::close(descriptor);
    }
}

// The owner too, where we may: otherwise the file is ours, and only its mode is kept.
void keep_mode(int descriptor, const struct stat& replaced) {
    const bool same_owner = ::fchown(descriptor, replaced.st_uid, replaced.st_gid) == 0;
    ::fchmod(descriptor, replaced.st_mode & (same_owner ? 07777U : 0777U));
}

int rename_into_place(const files::path& from, const files::path& to, Existing existing) {
    if (existing == Existing::replaced) return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
    if (::link(from.c_str(), to.c_str()) != 0) return errno;
    ::unlink(from.c_str());
    return 0;
}

void write_beside_and_rename(const files::path& path, const Target& target, std::string_view bytes,
                             Existing existing) {
    sweep_partials(target.path);
    const PartialFile partial = make_partial(target.path, path);
    try {
        FileWriter writer(partial.descriptor, path.string());
        if (target.replaced) keep_mode(partial.descriptor, *target.replaced);
        writer.append(bytes);
        writer.close();
        if (const int error = rename_into_place(partial.path, target.path, existing))
            refuse_file(path, error);
    } catch (...) {
        ::unlink(partial.path.c_str());
        throw;
    }
    synchronize_folder(target.path.parent_path());
}

// Where `path` can't be written; the last attempt throws.
Publication publish_elsewhere(const files::path& path, std::string_view bytes, std::string reason) {
    constexpr int most_attempts = 100;
    for (int number = 2; number < most_attempts; ++number) {
        const files::path beside = numbered(path, number);
        std::error_code error;
        if (files::exists(files::symlink_status(beside, error))) continue;
        try {
            write_whole_file(beside, bytes, Existing::refused);
            return {.path = beside, .why_elsewhere = std::move(reason)};
        } catch (const ResultError&) {
            break;
        }
    }
    const files::path folder = new_temporary_folder();
    try {
        write_whole_file(folder / path.filename(), bytes, Existing::refused);
    } catch (const ResultError&) {
        ::rmdir(folder.c_str());
        throw;
    }
    return {.path = folder / path.filename(), .why_elsewhere = std::move(reason)};
}

}  // namespace

void write_whole_file(const files::path& path, std::string_view bytes, Existing existing) {
    if (descriptor_named(path)) return write_into(path, bytes);
    const Target target = target_of(path);
    if (target.takes_bytes) return write_into(path, bytes);
    check_existing(path, target, existing);
    write_beside_and_rename(path, target, bytes, existing);
}

void check_whole_file(const files::path& path, Existing existing) {
    if (const auto number = descriptor_named(path)) {
        if (::fcntl(*number, F_GETFD) < 0) refuse_file(path, errno);
        return;
    }
    const Target target = target_of(path);
    // Whoever reads from a pipe may come later.
    if (target.takes_bytes && ::access(path.c_str(), W_OK) != 0) refuse_file(path, errno);
    if (target.takes_bytes) return;
    check_existing(path, target, existing);
    const PartialFile probe = make_partial(target.path, path);
    ::unlink(probe.path.c_str());
    ::close(probe.descriptor);
}

Publication publish_whole_file(const files::path& path, std::string_view bytes, Existing existing) {
    try {
        write_whole_file(path, bytes, existing);
        return {.path = path};
    } catch (const ResultError& error) {
        const bool is_stream = descriptor_named(path).has_value();
        struct stat status {};
        const bool takes_bytes =
            ::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
        if (is_stream || takes_bytes) throw;
        try {
            return publish_elsewhere(path, bytes, error.what());
        } catch (const ResultError&) {
            // The first reason is the one that can be put right.
        }
        throw;
    }
}

}  // namespace venturi
