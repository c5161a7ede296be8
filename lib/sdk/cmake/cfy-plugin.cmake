# cfy_add_plugin(NAME SOURCES file... [LINKS target...])
#
# Makes the target NAME: a plugin for cfy-run, NAME.so without prefix, that shows nothing but its
# entry symbol. Name NAME in the `plugins:` section of a blueprint and let cfy-run find the file
# through `source:`, --plugin-path or $CFY_PLUGIN_PATH.
set(CFY_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/plugin.map)

function(cfy_add_plugin name)
  cmake_parse_arguments(PLUGIN "" "" "SOURCES;LINKS" ${ARGN})
  add_library(${name} MODULE ${PLUGIN_SOURCES})
  target_link_libraries(${name} PRIVATE cfy::sdk ${PLUGIN_LINKS})
  target_compile_features(${name} PRIVATE cxx_std_20)
  set_target_properties(${name} PROPERTIES
    PREFIX "" SUFFIX .so
    CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LINK_DEPENDS ${CFY_PLUGIN_MAP})
  target_link_options(${name} PRIVATE -Wl,--version-script=${CFY_PLUGIN_MAP})
endfunction()
