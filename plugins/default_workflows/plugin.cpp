// The names are those of Cloudify's types file:
// default_workflows.cloudify.plugins.workflows.install
#include "workflows.hpp"

#define CFY_BUILT_IN(name) "cloudify.plugins.workflows." name

CFY_PLUGIN("default_workflows", "1.0.0",
           cfy::workflow<workflows::install>(CFY_BUILT_IN("install"), cfy::resumable),
           cfy::workflow<workflows::uninstall>(CFY_BUILT_IN("uninstall"), cfy::resumable),
           cfy::workflow<workflows::reinstall>(CFY_BUILT_IN("reinstall"), cfy::resumable),
           cfy::workflow<workflows::rollback>(CFY_BUILT_IN("rollback"), cfy::resumable),
           cfy::workflow<workflows::execute_operation>(CFY_BUILT_IN("execute_operation"),
                                                       cfy::resumable),
           cfy::workflow<workflows::start>(CFY_BUILT_IN("start"), cfy::resumable),
           cfy::workflow<workflows::stop>(CFY_BUILT_IN("stop"), cfy::resumable),
           cfy::workflow<workflows::restart>(CFY_BUILT_IN("restart"), cfy::resumable),
           cfy::workflow<workflows::pull>(CFY_BUILT_IN("pull"), cfy::resumable),
           cfy::workflow<workflows::check_status>(CFY_BUILT_IN("check_status"), cfy::resumable),
           cfy::workflow<workflows::check_drift>(CFY_BUILT_IN("check_drift"), cfy::resumable),
           cfy::workflow<workflows::scale>(CFY_BUILT_IN("scale_entity")),
           cfy::workflow<workflows::scale>(CFY_BUILT_IN("scale")),
           cfy::workflow<workflows::update>(CFY_BUILT_IN("update")),
           cfy::workflow<workflows::heal>(CFY_BUILT_IN("auto_heal_reinstall_node_subgraph")));
