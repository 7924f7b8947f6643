#include "binding/engine_object.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "binding/read_options.h"
#include "binding/write_events.h"

namespace remotemedia {
namespace {

Napi::Error ToJavaScript(Napi::Env env, const IoError& error) {
  auto result = Napi::Error::New(env, error.message());
  result.Set("code", std::string(error.name()));
  result.Set("syscall", error.operation);
  result.Set("address", error.address.ip_string());
  result.Set("port", Napi::Number::New(env, error.address.port));
  return result;
}

}  // namespace

Napi::Function EngineObject::Define(Napi::Env env) {
  return DefineClass(
      env, "Engine",
      {
          InstanceAccessor<&EngineObject::Fingerprint>("fingerprint", napi_enumerable),
          InstanceAccessor<&EngineObject::Addresses>("addresses", napi_enumerable),
          InstanceMethod<&EngineObject::AddTransport>("addTransport"),
          InstanceMethod<&EngineObject::ConnectTransport>("connectTransport"),
          InstanceMethod<&EngineObject::RestartIce>("restartIce"),
          InstanceMethod<&EngineObject::RemoveTransport>("removeTransport"),
          InstanceMethod<&EngineObject::AddProducer>("addProducer"),
          InstanceMethod<&EngineObject::AddSyntheticProducer>("addSyntheticProducer"),
          InstanceMethod<&EngineObject::RemoveProducer>("removeProducer"),
          InstanceMethod<&EngineObject::AddConsumer>("addConsumer"),
          InstanceMethod<&EngineObject::ConnectConsumer>("connectConsumer"),
          InstanceMethod<&EngineObject::RemoveConsumer>("removeConsumer"),
          InstanceMethod<&EngineObject::RequestEngineStats>("requestEngineStats"),
          InstanceMethod<&EngineObject::RequestTransportStats>("requestTransportStats"),
          InstanceMethod<&EngineObject::Close>("close"),
      });
}

EngineObject::EngineObject(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<EngineObject>(info), env_(info.Env()) {
  ArgumentErrors errors(env_);
  EngineOptions options = ReadEngineOptions(JsValue(info[0], "options", errors));
  if (!info[1].IsFunction()) errors.Add("onEvents", "must be a function");
  if (!errors.Check()) return;

  auto* const delivery = new Delivery;
  // One call at a time is under way, because the engine notifies once until its events are taken.
  on_events_ = EventFunction::New(env_, info[1].As<Napi::Function>(), "remotemedia-webrtc events",
                                  /*maxQueueSize=*/1, /*initialThreadCount=*/1, delivery,
                                  [](Napi::Env, void*, Delivery* finished) { delete finished; });
  on_events_.Unref(env_);
  auto started =
      Engine::Start(std::move(options), [on_events = on_events_] { on_events.NonBlockingCall(); });
  if (const auto* error = std::get_if<IoError>(&started)) {
    on_events_.Release();
    ToJavaScript(env_, *error).ThrowAsJavaScriptException();
    return;
  }
  engine_ = std::move(std::get<std::unique_ptr<Engine>>(started));
  delivery->engine = engine_;
  // Added later than the function's own, so run earlier.
  napi_add_env_cleanup_hook(env_, HandleEnvironmentEnd, this);
  open_ = true;
}

EngineObject::~EngineObject() { Close(); }

void EngineObject::DeliverEvents(Napi::Env env, Napi::Function on_events, Delivery* delivery,
                                 void*) {
  if (env == nullptr || !delivery->engine) return;
  std::vector<EngineEvent> events;
  const uint64_t dropped = delivery->engine->TakeEvents(events);
  if (events.empty() && dropped == 0) return;
  on_events.Call({WriteEvents(env, events, dropped)});
}

void EngineObject::HandleEnvironmentEnd(void* self) { static_cast<EngineObject*>(self)->Close(); }

void EngineObject::Close() {
  if (!open_) return;
  open_ = false;
  napi_remove_env_cleanup_hook(env_, HandleEnvironmentEnd, this);
  engine_->Close();
  on_events_.Release();
}

template <typename T>
void EngineObject::Submit(ArgumentErrors& errors, T command) {
  if (errors.Check()) engine_->Submit(std::move(command));
}

Napi::Value EngineObject::Fingerprint(const Napi::CallbackInfo&) {
  return Napi::String::New(env_, engine_->fingerprint());
}

Napi::Value EngineObject::Addresses(const Napi::CallbackInfo&) {
  return WriteAddresses(env_, engine_->addresses());
}

void EngineObject::AddTransport(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, ReadTransportOptions(JsValue(info[0], "options", errors)));
}

void EngineObject::ConnectTransport(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, command::ConnectTransport{
                     .id = ReadId<TransportId>(JsValue(info[0], "id", errors)),
                     .remote = ReadRemoteParameters(JsValue(info[1], "remote", errors))});
}

void EngineObject::RestartIce(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors,
         command::RestartIce{.id = ReadId<TransportId>(JsValue(info[0], "id", errors)),
                             .local = ReadIceCredentials(JsValue(info[1], "localUfrag", errors),
                                                         JsValue(info[2], "localPwd", errors))});
}

void EngineObject::RemoveTransport(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, command::RemoveTransport{ReadId<TransportId>(JsValue(info[0], "id", errors))});
}

void EngineObject::AddProducer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, ReadProducerOptions(JsValue(info[0], "options", errors)));
}

void EngineObject::AddSyntheticProducer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, ReadSyntheticProducerOptions(JsValue(info[0], "options", errors)));
}

void EngineObject::RemoveProducer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, command::RemoveProducer{ReadId<ProducerId>(JsValue(info[0], "id", errors))});
}

void EngineObject::AddConsumer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, ReadConsumerOptions(JsValue(info[0], "options", errors)));
}

void EngineObject::ConnectConsumer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  const uint32_t producer = JsValue(info[1], "producerId", errors).Integer(0, 0xffff'ffff);
  Submit(errors, command::ConnectConsumer{
                     .id = ReadId<ConsumerId>(JsValue(info[0], "id", errors)),
                     .producer = ProducerId{producer},
                     .payload_types = ReadPayloadTypes(JsValue(info[2], "payloadTypes", errors))});
}

void EngineObject::RemoveConsumer(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  Submit(errors, command::RemoveConsumer{ReadId<ConsumerId>(JsValue(info[0], "id", errors))});
}

void EngineObject::RequestEngineStats(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  const uint32_t request = JsValue(info[0], "requestId", errors).Integer(0, 0xffff'ffff);
  Submit(errors, command::RequestEngineStats{request});
}

void EngineObject::RequestTransportStats(const Napi::CallbackInfo& info) {
  ArgumentErrors errors(env_);
  const uint32_t request = JsValue(info[0], "requestId", errors).Integer(0, 0xffff'ffff);
  const auto id = ReadId<TransportId>(JsValue(info[1], "transportId", errors));
  Submit(errors, command::RequestTransportStats{request, id});
}

void EngineObject::Close(const Napi::CallbackInfo&) { Close(); }

}  // namespace remotemedia
