// Feeds datagrams of the fuzzer's making to both ends of a handshake and of an association.
//
// Input: the first byte says when to strike, then datagrams follow, each behind a byte for its
// target and size. Whatever arrives, nothing may crash, leak, send oversized datagrams or run on.
#include <algorithm>
#include <cstdlib>

#include "core/base/byte_reader.h"
#include "core/dtls/dtls_pair.h"

namespace remotemedia {
namespace {

void Require(bool condition) {
  if (!condition) std::abort();
}

void Run(std::span<const uint8_t> input) {
  ByteReader reader(input);
  DtlsPair pair;
  pair.Start();
  pair.RunFor(Duration::Millis(5 * (reader.U8() % 6)));
  while (reader.remaining() > 0) {
    const uint8_t head = reader.U8();
    const size_t size = std::min<size_t>(reader.remaining(), 4 * (head & 0x7f));
    const auto bytes = reader.Bytes(size);
    pair.Inject(head & 0x80 ? DtlsRole::kServer : DtlsRole::kClient,
                Datagram(bytes.begin(), bytes.end()));
  }
  pair.RunFor(Duration::Seconds(30));
  for (const DtlsTransport* transport : {&pair.client(), &pair.server()}) {
    Require((transport->srtp_keys() != nullptr) == (transport->state() == DtlsState::kConnected));
    Require(transport->state() != DtlsState::kConnecting);
    Require(!transport->PollTimeout());
  }
  Require(pair.sent().size() < 500);
  for (const Datagram& datagram : pair.sent()) {
    Require(!datagram.empty() && datagram.size() <= HandshakeFlights::kMaxDatagram);
  }
}

}  // namespace
}  // namespace remotemedia

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  remotemedia::Run({data, size});
  return 0;
}
