#include "analysis/report/hidden_name.hpp"

#include "analysis/report/result_error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <system_error>
#include <unistd.h>

namespace venturi {

namespace {

std::string hidden_prefix(const std::filesystem::path& path) {
    constexpr std::size_t longest = 180;  // leaves room for the rest within the 255 bytes of a file name
    return fmt::format(".{}.", path.filename().string().substr(0, longest));
}

bool is_hexadecimal(std::string_view text) {
    return std::ranges::all_of(text, [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

// Of versions that wrote PROCESS-RANDOM: whether that process is there still.
bool lives(std::string_view process) {
    pid_t number = 0;
    const auto [end, error] = std::from_chars(process.data(), process.data() + process.size(), number);
    if (error != std::errc{} || end != process.data() + process.size() || number <= 0) return true;
    return number != ::getpid() && (::kill(number, 0) == 0 || errno == EPERM);
}

bool is_number_of_dead(std::string_view number) {
    constexpr std::size_t digits = 16;
    constexpr std::size_t digits_of_earlier_versions = 8;
    const std::size_t dash = number.find('-');
    if (dash == std::string_view::npos) return number.size() == digits && is_hexadecimal(number);
    const std::string_view random = number.substr(dash + 1);
    return random.size() == digits_of_earlier_versions && is_hexadecimal(random)
           && !lives(number.substr(0, dash));
}

}  // namespace

std::filesystem::path hidden_path(const std::filesystem::path& path, std::string_view kind) {
    std::random_device random;
    return path.parent_path()
           / fmt::format("{}{}-{:08x}{:08x}", hidden_prefix(path), kind, random(), random());
}

std::filesystem::path hidden_path_without_number(const std::filesystem::path& path, std::string_view kind) {
    return path.parent_path() / (hidden_prefix(path) + std::string(kind));
}

std::optional<std::string> kind_of_hidden(const std::filesystem::path& path, std::string_view name) {
    const std::string prefix = hidden_prefix(path);
    if (!name.starts_with(prefix)) return std::nullopt;
    name.remove_prefix(prefix.size());
    const std::size_t dash = name.find('-');
    if (dash == std::string_view::npos || !is_number_of_dead(name.substr(dash + 1))) return std::nullopt;
    return std::string(name.substr(0, dash));
}

std::filesystem::path numbered(const std::filesystem::path& path, int number) {
    return path.parent_path()
           / fmt::format("{}-{}{}", path.stem().string(), number, path.extension().string());
}

std::filesystem::path new_temporary_folder() {
    std::error_code error;
    const std::filesystem::path temporary = std::filesystem::temp_directory_path(error);
    if (error) throw ResultError("there is no folder for temporary files: " + error.message());
    std::string name = (temporary / "venturi-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr)
        throw ResultError(fmt::format("no folder can be made in {}: {}", temporary.string(),
                                      std::generic_category().message(errno)));
    return name;
}

}  // namespace venturi
