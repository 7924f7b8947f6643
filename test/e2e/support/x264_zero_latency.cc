// Preloaded into Firefox, makes libavcodec open x264 for conversations. Firefox asks for no
// particular latency, x264 then holds back some forty frames to look ahead, and Firefox, which
// waits for less than that, would drop every single one.
#include <dlfcn.h>

namespace {

// `caller` is an address in the library that calls, whose dependencies x264 is among. The
// executable itself has no such dependency, so that RTLD_NEXT finds nothing.
void* FindInDependenciesOf(void* caller, const char* symbol) {
  Dl_info library;
  if (dladdr(caller, &library) == 0) return nullptr;
  void* handle = dlopen(library.dli_fname, RTLD_LAZY | RTLD_NOLOAD);
  return handle == nullptr ? nullptr : dlsym(handle, symbol);
}

}  // namespace

// Of x264.h, where it takes an x264_param_t* and returns a negative number upon failure.
extern "C" int x264_param_default_preset(void* parameters, const char* preset, const char*) {
  using Function = int (*)(void*, const char*, const char*);
  const auto original = reinterpret_cast<Function>(
      FindInDependenciesOf(__builtin_return_address(0), "x264_param_default_preset"));
  return original == nullptr ? -1 : original(parameters, preset, "zerolatency");
}
