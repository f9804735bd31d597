// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/sha256.h"

#include <openssl/evp.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <vector>

namespace bitwright {
namespace {

class Digest {
public:
    Digest() : m_context(EVP_MD_CTX_new(), &EVP_MD_CTX_free)
    {
        EVP_DigestInit_ex(m_context.get(), EVP_sha256(), nullptr);
    }
    void add(const void* data, size_t bytes) { EVP_DigestUpdate(m_context.get(), data, bytes); }
    std::string hex()
    {
        unsigned char raw[EVP_MAX_MD_SIZE];
        unsigned int length = 0;
        EVP_DigestFinal_ex(m_context.get(), raw, &length);
        static const char digits[] = "0123456789abcdef";
        std::string text;
        for (unsigned int i = 0; i < length; ++i) {
            text += digits[raw[i] >> 4];
            text += digits[raw[i] & 15];
        }
        return text;
    }

private:
    std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> m_context;
};

} // namespace

std::string sha256(const void* data, size_t bytes)
{
    Digest digest;
    digest.add(data, bytes);
    return digest.hex();
}

Result<std::string> sha256File(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
        return Error{Error::NotFound, std::string("Cannot open the file (") + std::strerror(errno) + ").", path};
    Digest digest;
    std::vector<char> buffer(1 << 20);
    while (file) {
        file.read(buffer.data(), std::streamsize(buffer.size()));
        digest.add(buffer.data(), size_t(file.gcount()));
    }
    if (file.bad())
        return Error{Error::Io, "Reading the file failed.", path};
    return digest.hex();
}

} // namespace bitwright
