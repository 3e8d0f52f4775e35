#include "sim/machine_memory.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <iomanip>
#include <limits>
#include <sstream>
#include <string_view>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

namespace venturi {

namespace {

constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();

// A number in a file of its own; "max" and whatever can't be read are no limit.
std::uint64_t limit_in(const std::string& file) {
    std::ifstream stream(file);
    std::uint64_t value = 0;
    return stream >> value ? value : unlimited;
}

// The limits of the process's control groups and of those above them.
std::uint64_t limit_of_control_groups() {
    std::uint64_t least = unlimited;
    std::ifstream groups("/proc/self/cgroup");
    for (std::string line; std::getline(groups, line);) {
        // number:controllers:path; version 2 has no controllers.
        const std::size_t first = line.find(':');
        const std::size_t second = line.find(':', first + 1);
        if (second == std::string::npos) continue;
        const std::string_view controllers = std::string_view(line).substr(first + 1, second - first - 1);
        const bool is_second_version = controllers.empty();
        if (!is_second_version && controllers.find("memory") == std::string_view::npos) continue;
        const std::string root = is_second_version ? "/sys/fs/cgroup" : "/sys/fs/cgroup/memory";
        const std::string file = is_second_version ? "/memory.max" : "/memory.limit_in_bytes";
        std::string path = line.substr(second + 1);
        while (true) {
            least = std::min(least, limit_in(std::string(root).append(path).append(file)));
            const std::size_t slash = path.rfind('/');
            if (slash == std::string::npos || path.size() <= 1) break;
            path.erase(slash);
        }
        least = std::min(least, limit_in(root + file));
    }
    return least;
}

}  // namespace

std::uint64_t usable_memory() {
    const auto pages = static_cast<std::uint64_t>(std::max(sysconf(_SC_PHYS_PAGES), 1L));
    const auto page = static_cast<std::uint64_t>(std::max(sysconf(_SC_PAGESIZE), 1L));
    std::uint64_t bytes = std::min(pages * page, limit_of_control_groups());
    rlimit limit{};
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY)
        bytes = std::min<std::uint64_t>(bytes, limit.rlim_cur);
    return bytes;
}

std::string memory_text(double bytes) {
    constexpr std::array<std::pair<double, const char*>, 4> units = {
        {{1e12, "TB"}, {1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}}};
    std::ostringstream text;
    for (const auto& [size, name] : units)
        if (bytes >= size) {
            const double amount = bytes / size;
            text << std::fixed << std::setprecision(amount < 10 ? 1 : 0) << amount << ' ' << name;
            return text.str();
        }
    text << std::fixed << std::setprecision(0) << bytes << " bytes";
    return text.str();
}

}  // namespace venturi
