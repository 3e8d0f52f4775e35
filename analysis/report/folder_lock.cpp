#include "analysis/report/folder_lock.hpp"

#include "analysis/report/hidden_name.hpp"
#include "analysis/report/result_error.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <string_view>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace venturi {

namespace {

constexpr int lock_flags = O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;

[[noreturn]] void refuse_lock(const std::filesystem::path& folder, std::string_view reason) {
    throw ResultError(fmt::format("cannot write results to {}: {}", folder.string(), reason));
}

// " (process 1234)", where the lock's holder has written so.
std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t count = ::pread(descriptor, text.data(), text.size(), 0);
    if (count <= 0) return {};
    const std::string_view number(text.data(), static_cast<std::size_t>(count));
    const bool plain = number.find_first_not_of("0123456789") == std::string_view::npos;
    return plain ? fmt::format(" (process {})", number) : std::string();
}

[[noreturn]] void refuse_held(const std::filesystem::path& folder, int descriptor) {
    const std::string holder = holder_of(descriptor);
    ::close(descriptor);
    refuse_lock(folder, fmt::format("another run is writing there{}; wait for it, or name another folder "
                                    "with --output",
                                    holder));
}

bool is_held_elsewhere(int descriptor) {
    return ::flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
}

// Whether the name still leads to what was locked: the one who held it before may have removed it.
bool is_current(int descriptor, const std::filesystem::path& path) {
    struct stat locked {};
    struct stat named {};
    return ::fstat(descriptor, &locked) == 0 && ::lstat(path.c_str(), &named) == 0
           && locked.st_ino == named.st_ino && locked.st_dev == named.st_dev;
}

}  // namespace

FolderLock::FolderLock(const std::filesystem::path& folder)
    : path_(hidden_path_without_number(folder, "lock")) {
    while (true) {
        const int descriptor = ::open(path_.c_str(), O_RDWR | O_CREAT | lock_flags, 0644);
        if (descriptor < 0)
            refuse_lock(folder, fmt::format("{} can't be opened ({})", path_.string(),
                                            std::generic_category().message(errno)));
        if (is_held_elsewhere(descriptor)) refuse_held(folder, descriptor);
        if (is_current(descriptor, path_)) {
            descriptor_ = descriptor;
            break;
        }
        ::close(descriptor);
    }
    const std::string process = std::to_string(::getpid());
    // A lock without its holder's number is as good.
    [[maybe_unused]] const bool told =
        ::ftruncate(descriptor_, 0) == 0 && ::pwrite(descriptor_, process.data(), process.size(), 0) > 0;
}

FolderLock::~FolderLock() {
    ::unlink(path_.c_str());
    ::close(descriptor_);
}

void FolderLock::check_free(const std::filesystem::path& folder) {
    const int descriptor = ::open(hidden_path_without_number(folder, "lock").c_str(), O_RDONLY | lock_flags);
    if (descriptor < 0) return;
    if (is_held_elsewhere(descriptor)) refuse_held(folder, descriptor);
    ::close(descriptor);
}

}  // namespace venturi
