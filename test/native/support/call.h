// A server and its clients, each an Endpoint, on a simulated network: what the tests of whole calls
// stand on.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "support/endpoint_node.h"
#include "support/network_simulator.h"
#include "support/recorder.h"

namespace remotemedia {

// Made once: keys are slow to make, and which they are does not matter.
const DtlsCertificate& ServerCertificate();
const DtlsCertificate& ClientCertificate();
DtlsFingerprint FingerprintOf(const DtlsCertificate& certificate);

// The negotiation all calls have in common.
CodecParameters TestVp8();
CodecParameters TestOpus();
RtpExtensionMap TestExtensions();

struct CallOptions {
  uint64_t seed = 1;
  bool ipv6 = false;
  std::vector<SrtpProfile> srtp_profiles = {SrtpProfile::kAeadAes128Gcm};
  DtlsRole server_role = DtlsRole::kServer;
};

struct MediaOptions {
  bool is_video = true;
  uint16_t packets_per_frame = 1;
  uint16_t frames_per_second = 30;
  uint16_t payload_bytes = 200;
};

class Call {
 public:
  struct Client {
    TransportId id{};  // of the transport, on both sides
    NetworkSimulator::Host* host = nullptr;
    std::unique_ptr<EndpointNode> node;
    IceCredentials local;

    Endpoint& endpoint() { return node->endpoint(); }
    const Transport& transport() { return *node->endpoint().FindTransport(id); }
  };

  struct Publication {
    ProducerId id{};  // on the server
    ProducerId source{};
    ConsumerId sending{};  // the client's
    uint32_t ssrc = 0;
    bool is_video = false;
  };

  explicit Call(CallOptions options = {});

  // A client whose transport is being connected; run the network for it to happen.
  Client& Join(TransportAddress address);
  Client& Join();
  bool RunUntilConnected(Duration limit = Duration::Seconds(5));
  bool IsConnected(const Client& client) const;

  // Media made by the client; the server learns its SSRCs from the packets.
  Publication Publish(Client& client, MediaOptions options = {});
  // What the client receives of the publication.
  std::unique_ptr<Recorder> Subscribe(Client& client, const Publication& publication);
  // The server's consumer behind the latest Subscribe.
  ConsumerId last_subscription() const { return last_subscription_; }
  std::vector<PayloadTypeMapping> MappingOf(const Publication& publication) const;

  NetworkSimulator& network() { return network_; }
  Timestamp now() const { return network_.now(); }
  NetworkSimulator::Host& server_host() { return server_host_; }
  EndpointNode& server_node() { return server_; }
  Endpoint& server() { return server_.endpoint(); }
  const Transport& ServerTransport(const Client& client) {
    return *server().FindTransport(client.id);
  }
  const IceCredentials& ServerCredentials(TransportId id) { return server_credentials_[id]; }
  void SetServerCredentials(TransportId id, IceCredentials credentials) {
    server_credentials_[id] = std::move(credentials);
  }
  RemoteParameters ServerParametersFor(const Client& client);
  RemoteParameters ClientParametersOf(const Client& client) const;
  IceCredentials NewCredentials() { return IceCredentials::Generate(random_); }
  uint32_t NextId() { return ++last_id_; }
  std::vector<std::unique_ptr<Client>>& clients() { return clients_; }

 private:
  const CallOptions options_;
  SeededRandom random_;
  NetworkSimulator network_;
  NetworkSimulator::Host& server_host_;
  EndpointNode server_;
  std::map<TransportId, IceCredentials> server_credentials_;
  std::vector<std::unique_ptr<Client>> clients_;
  uint32_t last_id_ = 0;
  ConsumerId last_subscription_{};
};

}  // namespace remotemedia
