// The one place that reads the machine's clocks.
#pragma once

#include "core/base/time.h"
#include "core/rtp/ntp_time.h"

namespace remotemedia {

// Monotonic. Any thread.
Timestamp Now();

// Time since 1970, in steps with the times the system gives to received datagrams. Any thread.
Duration UnixTime();

// Where Timestamps lie in calendar time, as of now. Take it once: later corrections of the wall
// clock must not show in the sender reports of one stream.
NtpClock ReadNtpClock();

}  // namespace remotemedia
