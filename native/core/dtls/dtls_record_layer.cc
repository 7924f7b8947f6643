#include "core/dtls/dtls_record_layer.h"

#include <openssl/ssl.h>

#include <algorithm>

#include "core/base/byte_reader.h"
#include "core/base/byte_writer.h"
#include "core/crypto/aes_gcm.h"
#include "core/crypto/secure_wipe.h"
#include "core/crypto/tls_prf.h"

namespace remotemedia {
namespace {

constexpr uint16_t kVersion = 0xfefd;
// Without renegotiation there are two epochs: 0 in the clear, 1 with the keys agreed on.
constexpr uint16_t kEpoch = 1;
constexpr size_t kHeaderSize = 13;
constexpr size_t kExplicitNonceSize = 8;
constexpr size_t kOverhead = kExplicitNonceSize + AesGcm::kTagSize;
constexpr size_t kMaxContent = 16'384;

// Numbers must not be used twice, and OpenSSL has used a few for Finished and its repetitions. Gaps
// between numbers mean nothing to a receiver.
constexpr uint64_t kFirstSequence = 1'000;

// RFC 5246 section 6.2.3.3.
using AssociatedData = std::array<uint8_t, kHeaderSize>;
AssociatedData MakeAssociatedData(uint64_t epoch_and_sequence, uint8_t type, size_t content_size) {
  AssociatedData data;
  ByteWriter writer(data);
  writer.U64(epoch_and_sequence);
  writer.U8(type);
  writer.U16(kVersion);
  writer.U16(static_cast<uint16_t>(content_size));
  return data;
}

using Nonce = std::array<uint8_t, AesGcm::kNonceSize>;
Nonce MakeNonce(std::span<const uint8_t> fixed, std::span<const uint8_t> explicit_part) {
  Nonce nonce;
  ByteWriter writer(nonce);
  writer.Bytes(fixed);
  writer.Bytes(explicit_part);
  return nonce;
}

}  // namespace

std::optional<DtlsRecordLayer> DtlsRecordLayer::TakeOver(ssl_st* ssl) {
  const SSL_CIPHER* const suite = SSL_get_current_cipher(ssl);
  size_t key_length;
  TlsPrfHash hash;
  switch (SSL_CIPHER_get_cipher_nid(suite)) {
    case NID_aes_128_gcm:
      key_length = 16;
      hash = TlsPrfHash::kSha256;
      break;
    case NID_aes_256_gcm:
      key_length = 32;
      hash = TlsPrfHash::kSha384;
      break;
    default:
      return std::nullopt;
  }

  // RFC 5246 section 6.3: the key block, made of the server's random and the client's, in this
  // order.
  std::array<uint8_t, SSL_MAX_MASTER_KEY_LENGTH> secret;
  const size_t secret_length =
      SSL_SESSION_get_master_key(SSL_get_session(ssl), secret.data(), secret.size());
  std::array<uint8_t, 2 * SSL3_RANDOM_SIZE> seed;
  SSL_get_server_random(ssl, seed.data(), SSL3_RANDOM_SIZE);
  SSL_get_client_random(ssl, seed.data() + SSL3_RANDOM_SIZE, SSL3_RANDOM_SIZE);
  std::array<uint8_t, 2 * (kMaxKeyLength + kFixedNonceLength)> block;
  const bool derived = TlsPrf(hash, std::span(secret).first(secret_length), "key expansion", seed,
                              std::span(block).first(2 * (key_length + kFixedNonceLength)));
  SecureWipe(secret.data(), secret.size());
  if (!derived) return std::nullopt;

  DtlsRecordLayer layer;
  Key& client = SSL_is_server(ssl) ? layer.remote_ : layer.local_;
  Key& server = SSL_is_server(ssl) ? layer.local_ : layer.remote_;
  ByteReader reader(block);
  for (Key* const key : {&client, &server}) {
    key->length = key_length;
    std::ranges::copy(reader.Bytes(key_length), key->key.begin());
  }
  for (Key* const key : {&client, &server}) {
    std::ranges::copy(reader.Bytes(kFixedNonceLength), key->fixed_nonce.begin());
  }
  SecureWipe(block.data(), block.size());
  layer.next_sequence_ = kFirstSequence;
  return layer;
}

DtlsRecordLayer::~DtlsRecordLayer() {
  SecureWipe(&local_, sizeof(local_));
  SecureWipe(&remote_, sizeof(remote_));
}

std::optional<DtlsRecord> DtlsRecordLayer::Open(std::span<const uint8_t>& datagram) {
  while (!datagram.empty()) {
    ByteReader reader(datagram);
    const uint8_t type = reader.U8();
    const uint16_t version = reader.U16();
    const uint64_t epoch_and_sequence = reader.U64();
    const auto payload = reader.Bytes(reader.U16());
    if (!reader.ok()) break;
    datagram = datagram.subspan(reader.position());

    const uint64_t sequence = epoch_and_sequence & 0xffff'ffff'ffff;
    if (version != kVersion || epoch_and_sequence >> 48 != kEpoch || payload.size() < kOverhead ||
        payload.size() > kMaxContent + kOverhead || !received_.IsFresh(sequence)) {
      continue;
    }
    auto cipher = AesGcm::Create(remote_.bytes());
    if (!cipher) break;
    const auto nonce = MakeNonce(remote_.fixed_nonce, payload.first(kExplicitNonceSize));
    const auto sealed = payload.subspan(kExplicitNonceSize);
    std::vector<uint8_t> content(sealed.begin(), sealed.end());
    const size_t content_size = content.size() - AesGcm::kTagSize;
    if (!cipher->Open(nonce, MakeAssociatedData(epoch_and_sequence, type, content_size), content)) {
      continue;
    }
    received_.Accept(sequence);
    content.resize(content_size);
    return DtlsRecord{static_cast<DtlsContentType>(type), std::move(content)};
  }
  datagram = {};
  return std::nullopt;
}

std::optional<std::vector<uint8_t>> DtlsRecordLayer::Seal(DtlsContentType type,
                                                          std::span<const uint8_t> content) {
  auto cipher = AesGcm::Create(local_.bytes());
  if (!cipher || content.size() > kMaxContent) return std::nullopt;
  const uint64_t epoch_and_sequence = (uint64_t{kEpoch} << 48) | next_sequence_++;
  std::vector<uint8_t> datagram(kHeaderSize + kOverhead + content.size());
  ByteWriter writer(datagram);
  writer.U8(static_cast<uint8_t>(type));
  writer.U16(kVersion);
  writer.U64(epoch_and_sequence);
  writer.U16(static_cast<uint16_t>(kOverhead + content.size()));
  // RFC 5288 section 3 wants an explicit nonce that is never used twice with the key, and RFC 6347
  // has one at hand. OpenSSL counts its own up from a random number of 64 bits.
  writer.U64(epoch_and_sequence);
  const auto nonce =
      MakeNonce(local_.fixed_nonce, std::span(datagram).subspan(kHeaderSize, kExplicitNonceSize));
  const auto associated_data =
      MakeAssociatedData(epoch_and_sequence, static_cast<uint8_t>(type), content.size());
  uint8_t* const sealed = datagram.data() + writer.size();
  if (!cipher->Seal(nonce, associated_data, content, sealed)) return std::nullopt;
  return datagram;
}

}  // namespace remotemedia
