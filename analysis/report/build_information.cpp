#include "analysis/report/build_information.hpp"

#include "venturi_build_information.inc"

#include <fmt/format.h>

namespace venturi {

BuildInformation build_information() {
    return {.version = VENTURI_BUILD_VERSION,
            .commit = VENTURI_BUILD_COMMIT,
            .state = VENTURI_BUILD_STATE,
            .compiler = VENTURI_BUILD_COMPILER,
            .machine = VENTURI_BUILD_MACHINE};
}

std::string version_text(const BuildInformation& build) {
    return fmt::format("venturi {} (commit {}, {}), {}, {}", build.version, build.commit.substr(0, 12),
                       build.state, build.compiler, build.machine);
}

}  // namespace venturi
