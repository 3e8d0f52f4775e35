#include "scenarios/regular_file.hpp"

#include "scenarios/problem.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace venturi {
namespace {

class Descriptor {
  public:
    // Without waiting: opening a pipe would last until somebody writes to it.
    explicit Descriptor(const std::filesystem::path& file)
        : number_(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)) {}
    ~Descriptor() {
        if (number_ >= 0) ::close(number_);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    Descriptor(Descriptor&&) = delete;
    Descriptor& operator=(Descriptor&&) = delete;

    [[nodiscard]] int number() const { return number_; }

  private:
    int number_;
};

}  // namespace

std::string read_regular_file(const std::filesystem::path& file, const ExpectedFile& expected) {
    const auto fail = [&](std::string message, std::string legal = {}) {
        throw ScenarioError(Problem{
            .position = {.file = file.string()}, .message = std::move(message), .legal = std::move(legal)});
    };
    const auto fail_of_system = [&](int error) {
        fail(fmt::format("can't be read: {}", std::generic_category().message(error)));
    };
    const std::string path_of_one = fmt::format("the path of a file such as {}", expected.example);
    const auto refuse_size = [&](std::uintmax_t size, std::string_view or_more) {
        if (size > expected.most_bytes)
            fail(fmt::format("{}{} bytes are too many for {}", size, or_more, expected.what),
                 fmt::format("at most {} bytes", expected.most_bytes));
    };
    // What is no file is told before it is opened, since opening a device may do something.
    struct stat status = {};
    const auto refuse_other = [&] {
        if (S_ISDIR(status.st_mode))
            fail(fmt::format("is a directory; {} is {}", expected.what, expected.form), path_of_one);
        if (!S_ISREG(status.st_mode)) fail("is not a regular file", path_of_one);
    };
    if (::stat(file.c_str(), &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) fail("no such file");
        fail_of_system(errno);
    }
    refuse_other();
    const Descriptor descriptor(file);
    if (descriptor.number() < 0 || ::fstat(descriptor.number(), &status) != 0) fail_of_system(errno);
    refuse_other();
    refuse_size(static_cast<std::uintmax_t>(status.st_size), "");
    std::string bytes;
    bytes.reserve(static_cast<std::size_t>(status.st_size));
    std::array<char, 1 << 16> part;
    while (true) {
        const ssize_t count = ::read(descriptor.number(), part.data(), part.size());
        if (count < 0 && errno == EINTR) continue;
        if (count < 0) fail_of_system(errno);
        if (count == 0) return bytes;
        bytes.append(part.data(), static_cast<std::size_t>(count));
        refuse_size(bytes.size(), " or more");  // it grows, or said that it is empty
    }
}

}  // namespace venturi
