// The class Engine of the addon: NativeEngine of src/native/binding.ts.
#pragma once

#include <napi.h>

#include <memory>

#include "binding/js_value.h"
#include "engine/engine.h"

namespace remotemedia {

// JS thread of one environment (the main thread or a worker). Each method is one command; arguments
// that cannot be understood throw a TypeError that names them. Closes itself when it is collected
// or its environment ends, whichever comes first.
class EngineObject final : public Napi::ObjectWrap<EngineObject> {
 public:
  static Napi::Function Define(Napi::Env env);

  explicit EngineObject(const Napi::CallbackInfo& info);
  ~EngineObject() override;
  EngineObject(const EngineObject&) = delete;
  EngineObject& operator=(const EngineObject&) = delete;

 private:
  // What the call that brings the events to JavaScript needs. Lives as long as that call may come.
  struct Delivery {
    std::shared_ptr<Engine> engine;
  };
  static void DeliverEvents(Napi::Env env, Napi::Function on_events, Delivery* delivery, void*);
  using EventFunction = Napi::TypedThreadSafeFunction<Delivery, void, DeliverEvents>;

  static void HandleEnvironmentEnd(void* self);

  Napi::Value Fingerprint(const Napi::CallbackInfo& info);
  Napi::Value Addresses(const Napi::CallbackInfo& info);
  void AddTransport(const Napi::CallbackInfo& info);
  void ConnectTransport(const Napi::CallbackInfo& info);
  void RestartIce(const Napi::CallbackInfo& info);
  void RemoveTransport(const Napi::CallbackInfo& info);
  void AddProducer(const Napi::CallbackInfo& info);
  void AddSyntheticProducer(const Napi::CallbackInfo& info);
  void RemoveProducer(const Napi::CallbackInfo& info);
  void AddConsumer(const Napi::CallbackInfo& info);
  void ConnectConsumer(const Napi::CallbackInfo& info);
  void RemoveConsumer(const Napi::CallbackInfo& info);
  void RequestEngineStats(const Napi::CallbackInfo& info);
  void RequestTransportStats(const Napi::CallbackInfo& info);
  void Close(const Napi::CallbackInfo& info);

  template <typename T>
  void Submit(ArgumentErrors& errors, T command);
  void Close();

  const Napi::Env env_;
  std::shared_ptr<Engine> engine_;
  EventFunction on_events_;
  bool open_ = false;
};

}  // namespace remotemedia
