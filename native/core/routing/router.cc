#include "core/routing/router.h"

#include <utility>

namespace remotemedia {

Producer* Router::AddProducer(ProducerParameters parameters) {
  const ProducerId id = parameters.id;
  const auto [entry, added] = producers_.try_emplace(id);
  if (!added) return nullptr;
  entry->second = std::make_unique<Producer>(std::move(parameters));
  return entry->second.get();
}

Consumer* Router::AddConsumer(ConsumerParameters parameters, RtpOutlet& outlet, Random& random) {
  const ConsumerId id = parameters.id;
  const auto [entry, added] = consumers_.try_emplace(id);
  if (!added) return nullptr;
  entry->second = std::make_unique<Consumer>(std::move(parameters), outlet, random);
  return entry->second.get();
}

Producer* Router::FindProducer(ProducerId id) const {
  const auto entry = producers_.find(id);
  return entry == producers_.end() ? nullptr : entry->second.get();
}

Consumer* Router::FindConsumer(ConsumerId id) const {
  const auto entry = consumers_.find(id);
  return entry == consumers_.end() ? nullptr : entry->second.get();
}

void Router::Connect(Timestamp now, Consumer& consumer, Producer* producer,
                     std::vector<PayloadTypeMapping> payload_types) {
  if (consumer.producer()) consumer.producer()->Detach(&consumer);
  if (producer) producer->Attach(&consumer);
  consumer.SetProducer(now, producer, std::move(payload_types));
}

void Router::RemoveProducer(Timestamp now, ProducerId id) {
  const auto entry = producers_.find(id);
  if (entry == producers_.end()) return;
  // A copy: disconnecting changes the producer's list.
  const std::vector<Consumer*> consumers = entry->second->consumers();
  for (Consumer* consumer : consumers) Connect(now, *consumer, nullptr, {});
  producers_.erase(entry);
}

void Router::RemoveConsumer(ConsumerId id) {
  const auto entry = consumers_.find(id);
  if (entry == consumers_.end()) return;
  if (Producer* producer = entry->second->producer()) producer->Detach(entry->second.get());
  consumers_.erase(entry);
}

}  // namespace remotemedia
