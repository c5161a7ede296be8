#include "fetch/curl_library.hpp"

#include <dlfcn.h>

namespace cfy::fetch {
namespace {

template <typename Function>
bool find(void* library, const char* name, Function& function) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  return function != nullptr;
}

base::Result<CurlLibrary> load() {
  void* const library = ::dlopen(CFY_CURL_SONAME, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return base::make_error(base::ErrorKind::io, "fetching needs libcurl: {}", ::dlerror());
  CurlLibrary curl{};
  decltype(&curl_global_init) global_init = nullptr;
  const bool is_whole = find(library, "curl_global_init", global_init) &&
                        find(library, "curl_easy_init", curl.easy_init) &&
                        find(library, "curl_easy_setopt", curl.easy_setopt) &&
                        find(library, "curl_easy_perform", curl.easy_perform) &&
                        find(library, "curl_easy_getinfo", curl.easy_getinfo) &&
                        find(library, "curl_easy_strerror", curl.easy_strerror) &&
                        find(library, "curl_easy_cleanup", curl.easy_cleanup);
  if (!is_whole || global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
    return base::make_error(base::ErrorKind::io, "{} does not start", CFY_CURL_SONAME);
  return curl;
}

}  // namespace

base::Result<const CurlLibrary*> load_curl() {
  static const auto loaded = load();
  if (!loaded) return loaded.error();
  return &*loaded;
}

}  // namespace cfy::fetch
