// Events and addresses of the engine as the objects of src/native/binding.ts.
#pragma once

#include <napi.h>

#include <cstdint>
#include <vector>

#include "core/base/transport_address.h"
#include "engine/engine_event.h"

namespace remotemedia {

// `dropped`: how many events were lost, reported behind the others unless 0.
Napi::Array WriteEvents(Napi::Env env, const std::vector<EngineEvent>& events, uint64_t dropped);

Napi::Array WriteAddresses(Napi::Env env, const std::vector<TransportAddress>& addresses);

}  // namespace remotemedia
