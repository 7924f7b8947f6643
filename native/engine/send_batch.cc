#include "engine/send_batch.h"

namespace remotemedia {

SendBatch::SendBatch(const SocketTable& sockets)
    : sockets_(sockets), rooms_(std::make_unique<std::array<Room, kMaxDatagrams>>()) {
  waiting_.reserve(kMaxDatagrams);
  queue_.reserve(kMaxDatagrams);
}

std::span<uint8_t> SendBatch::Reserve() {
  if (count_ == kMaxDatagrams) Flush();
  return (*rooms_)[count_];
}

void SendBatch::Commit(const Path& path, size_t size) {
  const auto index = static_cast<uint16_t>(count_++);
  entries_[index] = {.to = path.remote, .size = static_cast<uint16_t>(size)};
  if (path.socket >= queues_.size()) queues_.resize(path.socket + size_t{1});
  Queue& queue = queues_[path.socket];
  if (queue.first == kNone) {
    queue.first = index;
    waiting_.push_back(path.socket);
  } else {
    entries_[queue.last].next = index;
  }
  queue.last = index;
}

void SendBatch::Flush() {
  for (const uint16_t index : waiting_) {
    queue_.clear();
    for (uint16_t i = queues_[index].first; i != kNone; i = entries_[i].next) {
      queue_.push_back({entries_[i].to, std::span((*rooms_)[i]).first(entries_[i].size)});
    }
    queues_[index] = {};
    if (DatagramSocket* const socket = sockets_.Find(index)) {
      socket->Send(queue_, counters_);
    } else {
      counters_.errors += queue_.size();
    }
  }
  waiting_.clear();
  count_ = 0;
}

}  // namespace remotemedia
