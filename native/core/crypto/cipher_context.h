// Owns a libcrypto cipher context without showing libcrypto to those who include this.
#pragma once

#include <memory>

struct evp_cipher_ctx_st;

namespace remotemedia {

struct CipherContextDeleter {
  void operator()(evp_cipher_ctx_st* context) const;
};

using CipherContext = std::unique_ptr<evp_cipher_ctx_st, CipherContextDeleter>;

}  // namespace remotemedia
