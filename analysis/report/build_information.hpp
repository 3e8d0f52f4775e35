// Which program this is: what two results must have in common to be alike to the bit.
#pragma once

#include <string>

namespace venturi {

/// As it was when the program was built; `unknown` where the source had no history, as in an archive.
struct BuildInformation {
    std::string version;
    std::string commit;    ///< the whole name; `unknown`
    std::string state;     ///< of the source against the commit: `clean`, `changed` or `unknown`
    std::string compiler;  ///< such as `GNU 12.2.0`
    std::string machine;   ///< such as `Linux x86_64`

    friend bool operator==(const BuildInformation&, const BuildInformation&) = default;
};

[[nodiscard]] BuildInformation build_information();

/// `venturi 0.1.0 (commit 1a2b3c4d5e6f, changed), GNU 12.2.0, Linux x86_64`
[[nodiscard]] std::string version_text(const BuildInformation& build);

}  // namespace venturi
