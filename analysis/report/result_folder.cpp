#include "analysis/report/result_folder.hpp"

#include "analysis/report/hidden_name.hpp"
#include "analysis/report/manifest.hpp"
#include "analysis/report/result_error.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <optional>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>
#include <vector>

namespace venturi {

namespace {

namespace files = std::filesystem;

constexpr int most_numbers = 1000;  // of results beside one another

/// What stands where the result shall be, and may be replaced.
enum class Occupant { none, empty_folder, earlier_result };

[[noreturn]] void refuse(const files::path& path, std::string_view reason) {
    throw ResultError(fmt::format("cannot write results to {}: {}", path.string(), reason));
}

[[noreturn]] void refuse(const files::path& path, int error) {
    refuse(path, std::generic_category().message(error));
}

void require(const files::path& path, const std::error_code& error) {
    if (error) refuse(path, error.message());
}

// Absolute and without symbolic links, so that the folder, not a link to it, is replaced.
files::path resolved(const files::path& path) {
    if (path.empty()) throw ResultError("cannot write results: the folder's name is empty");
    std::error_code error;
    const files::path absolute = files::absolute(path, error);
    require(path, error);
    files::path real = files::weakly_canonical(absolute, error);
    require(path, error);
    if (!real.has_filename()) real = real.parent_path();
    if (!real.has_filename()) refuse(path, "it is the root of the file system");
    const files::file_status link = files::symlink_status(real, error);
    if (files::is_symlink(link)) refuse(path, "it is a symbolic link to a place that does not exist");
    return real;
}

bool is_mount_point(const files::path& path) {
    struct statx status {};
    if (::statx(AT_FDCWD, path.c_str(), 0, 0, &status) != 0) return false;
    return (status.stx_attributes & status.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) != 0;
}

bool holds_current_folder(const files::path& path) {
    std::error_code error;
    const files::path current = files::current_path(error);
    return std::mismatch(path.begin(), path.end(), current.begin(), current.end()).first == path.end();
}

std::vector<std::string> entries(const files::path& folder) {
    std::vector<std::string> names;
    std::error_code error;
    for (files::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        names.push_back(entry->path().filename().string());
    require(folder, error);
    std::sort(names.begin(), names.end());
    return names;
}

std::optional<std::string> manifest_in(const files::path& folder) {
    std::ifstream manifest(folder / manifest_file_name, std::ios::binary);
    if (!manifest) return std::nullopt;
    return std::string(std::istreambuf_iterator<char>(manifest), {});
}

std::optional<std::vector<std::string>> files_of_earlier_result(const files::path& folder) {
    const std::optional<std::string> manifest = manifest_in(folder);
    return manifest ? files_listed(*manifest) : std::nullopt;
}

files::path with_number(const files::path& path, int number) {
    return path.parent_path() / fmt::format("{}-{}", path.filename().string(), number);
}

// Throws where `path` is taken by something that a result must not replace.
Occupant inspect(const files::path& path) {
    std::error_code error;
    const files::file_status status = files::status(path, error);
    if (status.type() == files::file_type::not_found) return Occupant::none;
    require(path, error);
    if (!files::is_directory(status)) refuse(path, "it exists and is not a folder");
    if (holds_current_folder(path))
        refuse(path, "it holds the folder you are in; name a new folder inside it");
    if (is_mount_point(path)) refuse(path, "it is a mount point; name a new folder inside it");
    const std::vector<std::string> present = entries(path);
    if (present.empty()) return Occupant::empty_folder;
    const auto listed = files_of_earlier_result(path);
    if (!listed)
        refuse(path, fmt::format("the folder holds '{}', which is no earlier result; name another folder",
                                 present.front()));
    for (const std::string& name : present) {
        if (std::find(listed->begin(), listed->end(), name) == listed->end())
            refuse(path,
                   fmt::format("next to an earlier result the folder holds '{}', which would be lost; move "
                               "it or name another folder",
                               name));
    }
    return Occupant::earlier_result;
}

/// The nearest folder above `path` that exists, and the next one down, which does not (empty where none is
/// missing).
struct Above {
    files::path existing;
    files::path first_missing;
};

Above nearest_above(const files::path& path) {
    Above found{path.parent_path(), {}};
    std::error_code error;
    while (!files::exists(files::status(found.existing, error)) && found.existing.has_relative_path())
        found = {found.existing.parent_path(), found.existing};
    return found;
}

// Asked by trying: permissions, read-only file systems, quotas and network mounts all answer.
void try_making_a_folder(const files::path& parent, const files::path& final_path) {
    const files::path probe = hidden_path(parent / final_path.filename(), "probe");
    if (::mkdir(probe.c_str(), 0777) != 0) {
        const int error = errno;
        refuse(final_path, fmt::format("no folder can be made in {} ({})", parent.string(),
                                       std::generic_category().message(error)));
    }
    ::rmdir(probe.c_str());
}

// Removes `lowest` and the folders above it up to `highest`, as far as they are empty.
void remove_empty_folders(files::path lowest, const files::path& highest) {
    while (!highest.empty() && ::rmdir(lowest.c_str()) == 0 && lowest != highest)
        lowest = lowest.parent_path();
}

void rename_or_refuse(const files::path& from, const files::path& to, const files::path& final_path) {
    if (::rename(from.c_str(), to.c_str()) != 0) refuse(final_path, errno);
}

// Puts `fresh` in the place of `old`, and `old` in the place of `fresh`, in one step where the file system
// can.
void exchange(const files::path& fresh, const files::path& old) {
    if (::renameat2(AT_FDCWD, fresh.c_str(), AT_FDCWD, old.c_str(), RENAME_EXCHANGE) == 0) return;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) refuse(old, errno);
    const files::path aside = hidden_path(old, "earlier");
    rename_or_refuse(old, aside, old);
    try {
        rename_or_refuse(fresh, old, old);
    } catch (const ResultError&) {
        rename_or_refuse(aside, old, old);
        throw;
    }
    rename_or_refuse(aside, fresh, old);
}

// What killed runs have left beside `path`, whose lock is held. An earlier result that was aside at that
// moment, where a file system can't exchange two folders in one step, comes back.
void sweep(const files::path& path) {
    std::error_code ignored;
    for (const std::string& name : entries(path.parent_path())) {
        const files::path left = path.parent_path() / name;
        const auto kind = kind_of_hidden(path, name);
        if (!kind || !files::is_directory(files::symlink_status(left, ignored))) continue;
        const bool is_free = !files::exists(files::symlink_status(path, ignored));
        if (*kind == "earlier" && is_free && files_of_earlier_result(left))
            files::rename(left, path, ignored);
        else if (*kind == "earlier" || *kind == "partial" || *kind == "probe")
            files::remove_all(left, ignored);
    }
}

// Zero, or the error; what is there is never replaced.
int rename_to_free_name(const files::path& from, const files::path& to) {
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return 0;
    if (errno != EINVAL && errno != ENOSYS && errno != ENOTSUP) return errno;
    std::error_code error;
    if (files::exists(files::symlink_status(to, error))) return EEXIST;
    return ::rename(from.c_str(), to.c_str()) == 0 ? 0 : errno;
}

}  // namespace

void ResultFolder::check_writable(const files::path& final_path) {
    const files::path path = resolved(final_path);
    inspect(path);
    try_making_a_folder(nearest_above(path).existing, path);
    FolderLock::check_free(path);
}

ResultFolder::ResultFolder(const files::path& final_path, EarlierResult earlier)
    : earlier_(earlier), final_path_(resolved(final_path)) {
    inspect(final_path_);
    const Above place = nearest_above(final_path_);
    try_making_a_folder(place.existing, final_path_);
    const files::path parent = final_path_.parent_path();
    try {
        std::error_code error;
        files::create_directories(parent, error);
        require(final_path_, error);
        lock_.emplace(final_path_);
        sweep(final_path_);
        partial_path_ = hidden_path(final_path_, "partial");
        if (::mkdir(partial_path_.c_str(), 0777) != 0) refuse(final_path_, errno);
    } catch (...) {
        lock_.reset();
        remove_empty_folders(parent, place.first_missing);
        throw;
    }
    first_made_ = place.first_missing;
}

ResultFolder::~ResultFolder() {
    open_files_.clear();
    std::error_code ignored;
    files::remove_all(partial_path_, ignored);
    lock_.reset();
    if (!published_) remove_empty_folders(final_path_.parent_path(), first_made_);
}

FileWriter& ResultFolder::open(std::string_view name) {
    expects(!name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos,
            "a file of a results folder has a plain name");
    const std::string key(name);
    expects(!open_files_.contains(key) && !finished_files_.contains(key),
            "a file of a results folder is written once");
    return open_files_.try_emplace(key, partial_path_ / key, (final_path_ / key).string()).first->second;
}

void ResultFolder::write(std::string_view name, std::string_view bytes) {
    const std::string key(name);
    try {
        return write_at_once(key, bytes);
    } catch (const ResultError& error) {
        if (!why_elsewhere_.empty()) throw;
        open_files_.erase(key);
        try {
            move_to_temporary_folder(error.what());
            return write_at_once(key, bytes);
        } catch (const ResultError&) {
            // The first reason is the one that can be put right.
        }
        throw;
    }
}

void ResultFolder::write_at_once(const std::string& name, std::string_view bytes) {
    open(name).append(bytes);
    const auto written = open_files_.find(name);
    finished_files_[written->first] = written->second.close();
    open_files_.erase(written);
}

const FileDigests& ResultFolder::finish_files() {
    for (auto& [name, file] : open_files_) finished_files_[name] = file.close();
    open_files_.clear();
    return finished_files_;
}

Publication ResultFolder::publish() {
    expects(!published_, "a result is published once");
    finish_files();
    expects(finished_files_.contains(std::string(manifest_file_name)), "a published result has a manifest");
    synchronize_folder(partial_path_);
    if (earlier_ == EarlierResult::kept && why_elsewhere_.empty()) choose_number();
    try {
        replace_final();
    } catch (const ResultError& error) {
        if (!why_elsewhere_.empty()) throw;
        why_elsewhere_ = error.what();
        if (!publish_beside()) {
            move_to_temporary_folder(why_elsewhere_);
            replace_final();
        }
    }
    published_ = true;
    synchronize_folder(final_path_.parent_path());
    return {.path = final_path_, .why_elsewhere = why_elsewhere_, .why_numbered = why_numbered_};
}

// The first place whose result, if there is one, is of the same settings, and which no other run holds. What
// can't be looked at here is told when the folder shall be replaced.
void ResultFolder::choose_number() {
    const std::string mine = manifest_in(partial_path_).value_or("");
    const files::path first = final_path_;
    const auto is_others = [&](const files::path& place) {
        if (inspect(place) != Occupant::earlier_result) return false;
        const std::string why = why_kept(manifest_in(place).value_or(""), mine);
        if (place == first && !why.empty())
            why_numbered_ = fmt::format("{} exists and {}", first.string(), why);
        return !why.empty();
    };
    for (int number = 1; number < most_numbers; ++number) {
        const files::path place = number == 1 ? first : with_number(first, number);
        try {
            if (number > 1) lock_.emplace(place);
            if (is_others(place)) continue;
        } catch (const ResultError&) {
            if (number > 1) continue;
        }
        final_path_ = place;
        return;
    }
    move_to_temporary_folder(
        fmt::format("{} and all its numbers are results of other settings", first.string()));
}

void ResultFolder::replace_final() {
    if (inspect(final_path_) == Occupant::earlier_result) {
        exchange(partial_path_, final_path_);
    } else {
        rename_or_refuse(partial_path_, final_path_, final_path_);
    }
}

bool ResultFolder::publish_beside() {
    for (int number = 2; number < most_numbers; ++number) {
        const files::path beside = with_number(final_path_, number);
        const int error = rename_to_free_name(partial_path_, beside);
        if (error == 0) final_path_ = beside;
        if (error != EEXIST && error != ENOTEMPTY && error != ENOTDIR) return error == 0;
    }
    return false;
}

// What was written so far is copied; open files can't be.
void ResultFolder::move_to_temporary_folder(const std::string& reason) {
    if (!open_files_.empty()) throw ResultError(reason);
    const files::path folder = new_temporary_folder();
    const files::path partial = hidden_path(folder / final_path_.filename(), "partial");
    std::error_code error;
    files::create_directory(partial, error);
    for (const auto& [name, digest] : finished_files_) {
        if (!error) files::copy_file(partial_path_ / name, partial / name, error);
        if (!error && digest_of_file(partial / name) != digest) error = {EIO, std::generic_category()};
    }
    std::error_code ignored;
    files::remove_all(error ? folder : partial_path_, ignored);
    if (error) throw ResultError(reason);
    lock_.reset();
    remove_empty_folders(final_path_.parent_path(), first_made_);
    first_made_ = folder;
    partial_path_ = partial;
    final_path_ = folder / final_path_.filename();
    why_elsewhere_ = reason;
}

Publication publish_result(ResultFolder& folder, const ResultFiles& files, Manifest manifest) {
    for (const auto& [name, bytes] : files) folder.write(name, bytes);
    manifest.files = folder.finish_files();
    folder.write(manifest_file_name, manifest_text(manifest));
    return folder.publish();
}

}  // namespace venturi
