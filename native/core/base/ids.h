// Names of things that are created and removed from outside. Chosen by whoever creates them.
#pragma once

#include <cstdint>

namespace remotemedia {

// Strong types: a consumer's id cannot be passed where a producer's is meant. 0 is nobody.
enum class TransportId : uint32_t {};
enum class ProducerId : uint32_t {};
enum class ConsumerId : uint32_t {};

}  // namespace remotemedia
