#include "analysis/report/checksum.hpp"

#include "analysis/report/result_error.hpp"
#include "sim/contract.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>
#include <vector>

namespace venturi {

namespace {

void require_success(int outcome) {
    if (outcome != 1) throw ResultError("the SHA-256 of OpenSSL is not available");
}

struct CloseFile {
    void operator()(std::FILE* file) const { static_cast<void>(std::fclose(file)); }
};

[[noreturn]] void report_unreadable(const std::filesystem::path& path, int error) {
    throw ResultError(
        fmt::format("cannot read {}: {}", path.string(), std::generic_category().message(error)));
}

}  // namespace

void Sha256::FreeContext::operator()(evp_md_ctx_st* context) const {
    EVP_MD_CTX_free(context);
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
    if (context_ == nullptr) throw std::bad_alloc();
    require_success(EVP_DigestInit_ex(context_.get(), EVP_sha256(), nullptr));
}

void Sha256::append(std::string_view bytes) {
    expects(context_ != nullptr, "nothing is appended to a finished checksum");
    require_success(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()));
}

std::string Sha256::finish() {
    expects(context_ != nullptr, "a checksum is finished once");
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned int length = 0;
    require_success(EVP_DigestFinal_ex(context_.get(), digest.data(), &length));
    context_.reset();
    std::string text;
    for (unsigned int i = 0; i < length; ++i) text += fmt::format("{:02x}", digest[i]);
    return text;
}

std::string sha256(std::string_view bytes) {
    Sha256 checksum;
    checksum.append(bytes);
    return checksum.finish();
}

FileDigest digest_of_file(const std::filesystem::path& path) {
    const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
    if (file == nullptr) report_unreadable(path, errno);
    Sha256 checksum;
    FileDigest digest;
    std::vector<char> buffer(std::size_t{1} << 16);
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), file.get())) {
        checksum.append({buffer.data(), count});
        digest.bytes += count;
    }
    if (std::ferror(file.get()) != 0) report_unreadable(path, errno);
    digest.sha256 = checksum.finish();
    return digest;
}

std::string combined_sha256(const FileDigests& files) {
    Sha256 checksum;
    for (const auto& [name, digest] : files) checksum.append(fmt::format("{}  {}\n", digest.sha256, name));
    return checksum.finish();
}

}  // namespace venturi
