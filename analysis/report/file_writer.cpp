#include "analysis/report/file_writer.hpp"

#include "analysis/report/result_error.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

constexpr std::size_t buffer_size = std::size_t{1} << 18;

// A file that outgrows the user's limit raises SIGXFSZ, which would end the program before it could clean up;
// held back here, the write fails with EFBIG like any other.
class FileSizeSignalHeld {
  public:
    FileSizeSignalHeld() {
        sigemptyset(&signal_);
        sigaddset(&signal_, SIGXFSZ);
        pthread_sigmask(SIG_BLOCK, &signal_, &previous_);
    }
    ~FileSizeSignalHeld() {
        const timespec at_once{};
        if (raised_) sigtimedwait(&signal_, nullptr, &at_once);
        pthread_sigmask(SIG_SETMASK, &previous_, nullptr);
    }
    FileSizeSignalHeld(const FileSizeSignalHeld&) = delete;
    FileSizeSignalHeld& operator=(const FileSizeSignalHeld&) = delete;
    FileSizeSignalHeld(FileSizeSignalHeld&&) = delete;
    FileSizeSignalHeld& operator=(FileSizeSignalHeld&&) = delete;

    void note_raised() { raised_ = true; }

  private:
    sigset_t signal_{};
    sigset_t previous_{};
    bool raised_ = false;
};

// The number of bytes written, or minus the error.
ssize_t write_some(int descriptor, std::string_view bytes) {
    FileSizeSignalHeld held;
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written >= 0) return written;
    const int error = errno;
    if (error == EFBIG) held.note_raised();
    return -error;
}

// Zero, or the error. Devices, pipes and some network file systems have nothing to synchronize and say so.
int synchronize(int descriptor) {
    if (::fsync(descriptor) == 0) return 0;
    return errno == EINVAL || errno == ENOTSUP ? 0 : errno;
}

}  // namespace

FileWriter::FileWriter(const std::filesystem::path& path, std::string shown_as)
    : shown_as_(shown_as.empty() ? path.string() : std::move(shown_as)),
      descriptor_(
          ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0666)) {
    if (descriptor_ < 0) fail(errno);
}

FileWriter::FileWriter(int descriptor, std::string shown_as)
    : shown_as_(std::move(shown_as)), descriptor_(descriptor) {
    if (descriptor_ < 0) fail(EBADF);
}

FileWriter::~FileWriter() {
    close_silently();
}

void FileWriter::append(std::string_view bytes) {
    expects(descriptor_ >= 0, "a closed file takes no more bytes");
    checksum_.append(bytes);
    bytes_ += bytes.size();
    buffer_ += bytes;
    if (buffer_.size() >= buffer_size) flush();
}

FileDigest FileWriter::close() {
    expects(descriptor_ >= 0, "a file is closed once");
    flush();
    if (const int error = synchronize(descriptor_)) fail(error);
    if (::close(std::exchange(descriptor_, -1)) != 0 && errno != EINTR) fail(errno);
    return {bytes_, checksum_.finish()};
}

void FileWriter::flush() {
    std::string_view rest = buffer_;
    while (!rest.empty()) {
        const ssize_t written = write_some(descriptor_, rest);
        if (written == -EINTR) continue;
        if (written < 0) fail(static_cast<int>(-written));
        rest.remove_prefix(static_cast<std::size_t>(written));
    }
    buffer_.clear();
}

void FileWriter::fail(int error) {
    close_silently();
    throw ResultError(fmt::format("cannot write {}: {}", shown_as_, std::generic_category().message(error)));
}

void FileWriter::close_silently() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

void synchronize_folder(const std::filesystem::path& folder) {
    const int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const int error = descriptor < 0 ? errno : synchronize(descriptor);
    if (descriptor >= 0) ::close(descriptor);
    if (error != 0) {
        throw ResultError(fmt::format("cannot write the folder {}: {}", folder.string(),
                                      std::generic_category().message(error)));
    }
}

}  // namespace venturi
