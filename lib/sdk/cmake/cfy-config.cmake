# find_package(cfy): the target cfy::sdk and the function cfy_add_plugin().
include(CMakeFindDependencyMacro)
find_dependency(nlohmann_json)
include(${CMAKE_CURRENT_LIST_DIR}/cfy-targets.cmake)
include(${CMAKE_CURRENT_LIST_DIR}/cfy-plugin.cmake)
