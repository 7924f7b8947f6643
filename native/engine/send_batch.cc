#include "engine/send_batch.h"

#include <algorithm>
#include <functional>

namespace remotemedia {

SendBatch::SendBatch(const SocketTable& sockets)
    : sockets_(sockets), rooms_(std::make_unique_for_overwrite<std::array<Room, kMaxDatagrams>>()) {
  queues_.reserve(kMaxDatagrams);
  table_.fill(kNone);
  outgoing_.reserve(kMaxDatagrams);
}

std::span<uint8_t> SendBatch::Reserve() {
  if (count_ == kMaxDatagrams) Flush();
  return (*rooms_)[count_];
}

void SendBatch::Commit(const Path& path, size_t size) {
  const auto index = static_cast<uint16_t>(count_++);
  entries_[index] = {.size = static_cast<uint16_t>(size)};
  Queue& queue = QueueOf(path);
  if (queue.first == kNone) {
    queue.first = index;
  } else {
    entries_[queue.last].next = index;
  }
  queue.last = index;
}

SendBatch::Queue& SendBatch::QueueOf(const Path& path) {
  size_t slot = std::hash<Path>()(path) % table_.size();
  for (; table_[slot] != kNone; slot = (slot + 1) % table_.size()) {
    Queue& queue = queues_[table_[slot]];
    if (queue.path == path) return queue;
  }
  table_[slot] = static_cast<uint16_t>(queues_.size());
  return queues_.emplace_back(Queue{.path = path});
}

void SendBatch::Flush() {
  if (count_ == 0) return;
  const auto socket_of = [](const Queue& queue) { return queue.path.socket; };
  // Mostly all are of one socket.
  if (!std::ranges::is_sorted(queues_, {}, socket_of)) std::ranges::sort(queues_, {}, socket_of);

  for (size_t i = 0; i < queues_.size(); ++i) {
    const Queue& queue = queues_[i];
    for (uint16_t entry = queue.first; entry != kNone; entry = entries_[entry].next) {
      outgoing_.push_back(
          {queue.path.remote, std::span((*rooms_)[entry]).first(entries_[entry].size)});
    }
    const bool is_last = i + 1 == queues_.size() || socket_of(queues_[i + 1]) != socket_of(queue);
    if (is_last) Send(queue.path.socket);
  }
  queues_.clear();
  table_.fill(kNone);
  count_ = 0;
}

void SendBatch::Send(uint16_t index) {
  if (DatagramSocket* const socket = sockets_.Find(index)) {
    socket->Send(outgoing_, counters_);
  } else {
    counters_.errors += outgoing_.size();
  }
  outgoing_.clear();
}

}  // namespace remotemedia
