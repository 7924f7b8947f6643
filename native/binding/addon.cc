// The addon's entry: what src/native/binding.ts calls NativeAddon. Node.js runs it once in each
// environment (the main thread and every worker that loads the addon).
#include <napi.h>

#include "binding/engine_object.h"
#include "core/crypto/libcrypto.h"

namespace {

Napi::Object Initialize(Napi::Env env, Napi::Object exports) {
  if (!remotemedia::InitializeLibcrypto()) {
    Napi::Error::New(env, "libcrypto cannot be initialized").ThrowAsJavaScriptException();
    return exports;
  }
  exports.Set("version", RTC_VERSION);
  exports.Set("Engine", remotemedia::EngineObject::Define(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(remotemedia_webrtc, Initialize)
