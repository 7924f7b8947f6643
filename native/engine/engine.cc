#include "engine/engine.h"

#include <pthread.h>
#include <signal.h>

#include <utility>

namespace remotemedia {
namespace {

// A flood of commands has to let the media have its turn.
constexpr int kCommandsPerTurn = 64;

// Signals of the process are for the threads that expect them.
class SignalsBlocked {
 public:
  SignalsBlocked() {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before_);
  }
  ~SignalsBlocked() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
  SignalsBlocked(const SignalsBlocked&) = delete;
  SignalsBlocked& operator=(const SignalsBlocked&) = delete;

 private:
  sigset_t before_;
};

}  // namespace

std::variant<std::unique_ptr<Engine>, IoError> Engine::Start(EngineOptions options,
                                                             std::function<void()> on_events) {
  auto made = EndpointDriver::Make(std::move(options));
  if (const auto* error = std::get_if<IoError>(&made)) return *error;
  std::unique_ptr<Engine> engine(
      new Engine(std::move(std::get<std::unique_ptr<EndpointDriver>>(made)), std::move(on_events)));
  const SignalsBlocked inherited_by_the_thread;
  engine->thread_ = std::thread([raw = engine.get()] { raw->Run(); });
  return engine;
}

Engine::Engine(std::unique_ptr<EndpointDriver> driver, std::function<void()> on_events)
    : driver_(std::move(driver)),
      on_events_(std::move(on_events)),
      fingerprint_(driver_->fingerprint()),
      addresses_(driver_->addresses()) {}

Engine::~Engine() { Close(); }

void Engine::Submit(Command command) {
  if (closed()) return;
  spilled_.push_back(std::move(command));
  FlushSpilled();
}

void Engine::FlushSpilled() {
  while (!spilled_.empty() && commands_.Push(std::move(spilled_.front()))) spilled_.pop_front();
  if (!spilled_.empty()) has_spilled_.store(true, std::memory_order_release);
  Wake();
}

void Engine::Wake() {
  if (!woken_.exchange(true, std::memory_order_acq_rel)) driver_->Wake();
}

uint64_t Engine::TakeEvents(std::vector<EngineEvent>& events) {
  if (closed()) return 0;
  notified_.exchange(false, std::memory_order_acq_rel);
  for (size_t i = 0; i < kEventCapacity; ++i) {
    auto event = events_.Pop();
    if (!event) break;
    events.push_back(std::move(*event));
  }
  if (!spilled_.empty()) FlushSpilled();
  return dropped_events_.exchange(0, std::memory_order_relaxed);
}

void Engine::Close() {
  if (closed()) return;
  stopping_.store(true, std::memory_order_release);
  Wake();
  thread_.join();
  driver_.reset();
}

void Engine::Run() {
#ifdef __linux__
  pthread_setname_np(pthread_self(), "media-engine");
#endif
  bool busy = false;
  while (!stopping_.load(std::memory_order_acquire)) {
    driver_->Wait(busy);
    woken_.exchange(false, std::memory_order_acq_rel);
    busy = ExecuteCommands();
    busy |= driver_->Work();
    PublishEvents();
  }
  while (ExecuteCommands()) {
  }
  driver_->RemoveAllTransports();
}

// Answers whether there may be more.
bool Engine::ExecuteCommands() {
  for (int i = 0; i < kCommandsPerTurn; ++i) {
    const auto command = commands_.Pop();
    if (!command) return false;
    if (auto event = driver_->Execute(*command)) Publish(std::move(*event));
  }
  return true;
}

void Engine::PublishEvents() {
  while (auto event = driver_->PollEvent()) Publish(std::move(*event));
  if (const uint64_t dropped = driver_->TakeDroppedEvents()) {
    dropped_events_.fetch_add(dropped, std::memory_order_relaxed);
    has_news_ = true;
  }
  if (has_spilled_.exchange(false, std::memory_order_acq_rel)) has_news_ = true;
  if (!has_news_) return;
  has_news_ = false;
  if (!notified_.exchange(true, std::memory_order_acq_rel)) on_events_();
}

void Engine::Publish(EngineEvent event) {
  has_news_ = true;
  if (!events_.Push(std::move(event))) dropped_events_.fetch_add(1, std::memory_order_relaxed);
}

}  // namespace remotemedia
