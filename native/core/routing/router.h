// Connects producers with consumers. Knows nothing of peers, sessions, SDP or transports.
#pragma once

#include <memory>
#include <unordered_map>
#include <vector>

#include "core/base/ids.h"
#include "core/routing/consumer.h"
#include "core/routing/producer.h"

namespace remotemedia {

// Engine thread only. Owns all producers and consumers of the thread; pointers stay valid until the
// thing is removed.
class Router {
 public:
  // Null when the id is taken.
  Producer* AddProducer(ProducerParameters parameters);
  Consumer* AddConsumer(ConsumerParameters parameters, RtpOutlet& outlet, Random& random);

  Producer* FindProducer(ProducerId id) const;
  Consumer* FindConsumer(ConsumerId id) const;

  // From now on the consumer sends what `producer` publishes; nullptr for nothing.
  void Connect(Timestamp now, Consumer& consumer, Producer* producer,
               std::vector<PayloadTypeMapping> payload_types);

  // Its consumers stay, without a source.
  void RemoveProducer(Timestamp now, ProducerId id);
  void RemoveConsumer(ConsumerId id);

  size_t producer_count() const { return producers_.size(); }
  size_t consumer_count() const { return consumers_.size(); }

 private:
  std::unordered_map<ProducerId, std::unique_ptr<Producer>> producers_;
  std::unordered_map<ConsumerId, std::unique_ptr<Consumer>> consumers_;
};

}  // namespace remotemedia
