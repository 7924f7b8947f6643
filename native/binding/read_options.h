// The flat objects of src/native/binding.ts as the structs of the engine.
#pragma once

#include <vector>

#include "binding/js_value.h"
#include "core/base/ids.h"
#include "core/ice/ice_credentials.h"
#include "core/routing/media_parameters.h"
#include "core/transport/endpoint.h"
#include "engine/command.h"
#include "engine/endpoint_driver.h"

namespace remotemedia {

// Each reads all of the object it is given; what is wrong with it is with the value's errors.
EngineOptions ReadEngineOptions(const JsValue& options);
command::AddTransport ReadTransportOptions(const JsValue& options);
RemoteParameters ReadRemoteParameters(const JsValue& remote);
command::AddProducer ReadProducerOptions(const JsValue& options);
command::AddSyntheticProducer ReadSyntheticProducerOptions(const JsValue& options);
command::AddConsumer ReadConsumerOptions(const JsValue& options);
std::vector<PayloadTypeMapping> ReadPayloadTypes(const JsValue& list);
IceCredentials ReadIceCredentials(const JsValue& ufrag, const JsValue& pwd);

// 0 is nobody's id.
template <typename Id>
Id ReadId(const JsValue& id) {
  return Id{id.Integer(1, 0xffff'ffff)};
}

}  // namespace remotemedia
