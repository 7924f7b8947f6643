// A media engine as its owner sees it: a thread behind two bounded queues.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <variant>
#include <vector>

#include "core/concurrent/spsc_queue.h"
#include "engine/command.h"
#include "engine/endpoint_driver.h"
#include "engine/engine_event.h"
#include "engine/io_error.h"

namespace remotemedia {

// All methods are called on one thread, the owner's; in Node.js it is that of JavaScript. None of
// them waits for the engine thread but Close.
class Engine {
 public:
  static constexpr size_t kCommandCapacity = 8'192;
  static constexpr size_t kEventCapacity = 4'096;

  // Binds the sockets and starts the thread. `on_events` is called on the engine thread when
  // TakeEvents has become worth calling; not again until it was called, and never after Close. It
  // must not block nor call back.
  static std::variant<std::unique_ptr<Engine>, IoError> Start(EngineOptions options,
                                                              std::function<void()> on_events);
  // Closes.
  ~Engine();

  // As EndpointDriver has them; also after Close.
  const std::string& fingerprint() const { return fingerprint_; }
  const std::vector<TransportAddress>& addresses() const { return addresses_; }

  // Commands are carried out in order, soon, and are never lost: what the queue cannot take waits
  // on this side, and on_events is called when there is room again. Ignored after Close.
  void Submit(Command command);

  // Appends what has happened to `events`, at most kEventCapacity. Answers how many events were
  // lost since the last call because nobody took them. Nothing after Close.
  uint64_t TakeEvents(std::vector<EngineEvent>& events);

  // Says goodbye to every peer, stops the thread and closes the sockets. Idempotent.
  void Close();

 private:
  bool closed() const { return driver_ == nullptr; }

  Engine(std::unique_ptr<EndpointDriver> driver, std::function<void()> on_events);

  // Owner's thread.
  void FlushSpilled();
  void Wake();
  // Engine thread.
  void Run();
  bool ExecuteCommands();
  void PublishEvents();
  void Publish(EngineEvent event);

  std::unique_ptr<EndpointDriver> driver_;  // null when closed
  const std::function<void()> on_events_;
  const std::string fingerprint_;
  const std::vector<TransportAddress> addresses_;

  SpscQueue<Command, kCommandCapacity> commands_;  // owner to engine
  SpscQueue<EngineEvent, kEventCapacity> events_;  // engine to owner
  std::deque<Command> spilled_;                    // owner's: what commands_ had no room for

  // These flags are read and written by exchange on the side that acts on them. An exchange that
  // finds the flag set sees everything that was done before it was set, so whoever finds it already
  // set may leave the work to the one who is going to clear it.

  // The engine thread is going to look at the commands: set by the owner, cleared by the engine.
  std::atomic<bool> woken_{false};
  // The owner wants to hear when there is room for commands: set by the owner, cleared by the
  // engine.
  std::atomic<bool> has_spilled_{false};
  // The owner is going to take the events: set by the engine, cleared by the owner.
  std::atomic<bool> notified_{false};
  // Not yet told to the owner. A plain count: its order to the events does not matter.
  std::atomic<uint64_t> dropped_events_{0};
  std::atomic<bool> stopping_{false};

  bool has_news_ = false;  // engine's: something for the owner since it was last notified
  std::thread thread_;
};

}  // namespace remotemedia
