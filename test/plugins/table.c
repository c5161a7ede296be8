/* A plugin in plain C whose table is right but for what the build changes in it. */
#include <cfy/plugin.h>

#ifndef TABLE_MAGIC
#define TABLE_MAGIC CFY_PLUGIN_MAGIC
#endif
#ifndef TABLE_MAJOR
#define TABLE_MAJOR CFY_ABI_MAJOR
#endif
#ifndef TABLE_MINOR
#define TABLE_MINOR CFY_ABI_MINOR
#endif
#ifndef TABLE_SIZE
#define TABLE_SIZE sizeof(cfy_plugin)
#endif
#ifndef TABLE_ENTRIES
#define TABLE_ENTRIES &kEntries[0].entry
#endif
#ifndef ENTRY_SIZE
#define ENTRY_SIZE sizeof(kEntries[0])
#endif
#ifndef ENTRY_KIND
#define ENTRY_KIND CFY_WORKFLOW
#endif
#ifndef ENTRY_FUNCTION
#define ENTRY_FUNCTION run
#endif

#define TEXT(literal) \
  { literal, sizeof(literal) - 1 }

/* An entry as a later minor version may have it. */
struct entry {
  cfy_entry entry;
#ifdef LARGER_ENTRY
  uint64_t added_later[3];
#endif
};

static cfy_status run(void* data, const cfy_workflow_host* host, cfy_workflow* call,
                      cfy_reply* reply) {
  static const cfy_str kResult = TEXT("\"done in C\"");
  (void)data;
  (void)host;
  (void)call;
  reply->set_result(reply, kResult);
  return CFY_OK;
}

/* The table without entries does not point to them. */
static const struct entry kEntries[] __attribute__((unused)) = {
    {.entry = {TEXT("c.first"), ENTRY_KIND, CFY_RESUMABLE, NULL, ENTRY_FUNCTION, NULL}},
    {.entry = {TEXT("c.second"), CFY_WORKFLOW, 0, NULL, run, NULL}},
};

static const cfy_plugin kPlugin = {
    .magic = TABLE_MAGIC,
    .size = TABLE_SIZE,
    .abi_major = TABLE_MAJOR,
    .abi_minor = TABLE_MINOR,
    .entry_size = ENTRY_SIZE,
    .entry_count = 2,
    .name = TEXT("table"),
    .version = TEXT("0.1"),
    .build = TEXT("cc"),
    .entries = TABLE_ENTRIES,
};

const cfy_plugin* cfy_plugin_v1(void) {
  return &kPlugin;
}
