// Setting up the library that the rest of this folder, and DTLS, are made of.
#pragma once

namespace remotemedia {

// Inside a Node.js addon OpenSSL must neither read the machine's openssl.cnf, which may forbid what
// WebRTC needs, nor clean up at exit while threads of the engine still run. The first use of
// libcrypto in the process decides both, so this has to come before any other. Cheap when repeated;
// may be called from several threads. False when the library cannot be used.
bool InitializeLibcrypto();

}  // namespace remotemedia
