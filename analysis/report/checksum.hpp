// SHA-256 (FIPS 180-4), by OpenSSL: what says that two files hold the same bytes.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace venturi {

/// SHA-256 of bytes that come in pieces.
class Sha256 {
  public:
    Sha256();

    void append(std::string_view bytes);

    /// 64 lower-case hexadecimal digits; nothing may be appended afterwards.
    [[nodiscard]] std::string finish();

  private:
    struct FreeContext {
        void operator()(evp_md_ctx_st* context) const;
    };
    std::unique_ptr<evp_md_ctx_st, FreeContext> context_;
};

/// What identifies the content of a file.
struct FileDigest {
    std::uint64_t bytes = 0;
    std::string sha256;  ///< 64 lower-case hexadecimal digits

    friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

/// The digests of a folder's files, by file name.
using FileDigests = std::map<std::string, FileDigest>;

/// 64 lower-case hexadecimal digits.
[[nodiscard]] std::string sha256(std::string_view bytes);

/// Length and SHA-256 of a file; throws ResultError where it can't be read.
[[nodiscard]] FileDigest digest_of_file(const std::filesystem::path& path);

/// One checksum for all files of a folder, as `sha256sum FILES | sha256sum` prints it for the names in order.
[[nodiscard]] std::string combined_sha256(const FileDigests& files);

}  // namespace venturi
