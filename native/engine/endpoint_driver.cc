#include "engine/endpoint_driver.h"

#include <cerrno>
#include <utility>

#include "engine/clock.h"

namespace remotemedia {
namespace {

// A socket that is flooded has to let the others have their turn.
constexpr int kReceiveBatchesPerTurn = 4;

}  // namespace

std::variant<std::unique_ptr<EndpointDriver>, IoError> EndpointDriver::Make(EngineOptions options) {
  const uint16_t port = options.udp_port;
  auto certificate = DtlsCertificate::Generate();
  if (!certificate) return IoError{ENOMEM, "certificate", options.listen.front()};
  auto poller = Poller::Make(options.io);
  if (!poller) return IoError{errno, "poll", options.listen.front()};
  std::unique_ptr<EndpointDriver> driver(
      new EndpointDriver(std::move(options), std::move(certificate), std::move(poller)));
  if (const auto error = driver->Listen(port)) return *error;
  return driver;
}

EndpointDriver::EndpointDriver(EngineOptions options, std::unique_ptr<DtlsCertificate> certificate,
                               std::unique_ptr<Poller> poller)
    : options_(std::move(options)),
      certificate_(std::move(certificate)),
      poller_(std::move(poller)),
      batch_(sockets_),
      endpoint_({.certificate = *certificate_,
                 .random = random_,
                 .sink = batch_,
                 .clock = ReadNtpClock()},
                options_.endpoint) {}

std::optional<IoError> EndpointDriver::Listen(uint16_t port) {
  if (auto error = BindAll(options_.listen, port, options_.io, sockets_)) return error;
  for (size_t i = 0; i < sockets_.size(); ++i) {
    const auto index = static_cast<uint16_t>(i);
    const DatagramSocket& socket = *sockets_.Find(index);
    if (!poller_->Add(socket.fd(), index)) return IoError{errno, "poll", socket.address()};
    addresses_.push_back(socket.address());
  }
  return std::nullopt;
}

std::optional<IoError> EndpointDriver::OpenOwnSocket(uint16_t& index) {
  TransportAddress address = addresses_.front();
  address.port = 0;
  auto bound = DatagramSocket::Bind(address, options_.io);
  if (const auto* error = std::get_if<IoError>(&bound)) return *error;
  auto socket = std::move(std::get<std::unique_ptr<DatagramSocket>>(bound));
  const int fd = socket->fd();
  const auto added = sockets_.Add(std::move(socket));
  if (!added) return IoError{EMFILE, "socket", address};
  if (!poller_->Add(fd, *added)) {
    sockets_.Remove(*added);
    return IoError{errno, "poll", address};
  }
  index = *added;
  return std::nullopt;
}

void EndpointDriver::CloseSocket(uint16_t index) {
  batch_.Flush();  // a goodbye may be among what waits for this socket
  poller_->Remove(sockets_.Find(index)->fd());
  sockets_.Remove(index);
}

void EndpointDriver::Wait(bool busy) {
  std::optional<Duration> timeout;
  if (busy) {
    timeout = Duration();
  } else if (const auto deadline = endpoint_.PollTimeout()) {
    timeout = *deadline - Now();
  }
  const auto readable = poller_->Wait(timeout);
  readable_.assign(readable.begin(), readable.end());
}

bool EndpointDriver::Work() {
  bool busy = false;
  for (const uint16_t index : readable_) busy |= Receive(index);
  endpoint_.HandleTimeout(Now());
  busy |= endpoint_.HandleHandshakes(Now());
  batch_.Flush();
  return busy;
}

bool EndpointDriver::Receive(uint16_t index) {
  DatagramSocket* const socket = sockets_.Find(index);
  if (!socket) return false;  // closed by a command since it became readable
  bool more = true;
  for (int i = 0; more && i < kReceiveBatchesPerTurn; ++i) {
    more = socket->Receive(received_);
    const Timestamp now = Now();
    for (const ReceiveBatch::Datagram& datagram : received_.datagrams()) {
      endpoint_.HandleDatagram(now, now - datagram.age, {index, datagram.from}, datagram.data);
    }
  }
  return more;
}

std::optional<EngineEvent> EndpointDriver::PollEvent() {
  const auto event = endpoint_.PollEvent();
  if (!event) return std::nullopt;
  return std::visit([](const auto& e) { return EngineEvent(e); }, *event);
}

void EndpointDriver::RemoveAllTransports() {
  while (!transports_.empty()) {
    Execute(command::RemoveTransport{transports_.begin()->first});
  }
  batch_.Flush();
}

}  // namespace remotemedia
