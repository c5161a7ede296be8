// What this plugin offers. A blueprint maps a workflow to one of these names with the plugin's name
// before it: my_workflow_plugin_name.my_workflow_module_name.run_operation. Resumable: when it was
// cut off, `cfy-run resume` may call the function again, which makes the same tasks again.
#include "tutorial.hpp"

CFY_PLUGIN("my_workflow_plugin_name", "1.0.0",
           cfy::workflow<tutorial::step_1>("my_workflow_module_name.step_1", cfy::resumable),
           cfy::workflow<tutorial::step_2>("my_workflow_module_name.step_2", cfy::resumable),
           cfy::workflow<tutorial::step_3>("my_workflow_module_name.step_3", cfy::resumable),
           cfy::workflow<tutorial::step_4>("my_workflow_module_name.step_4", cfy::resumable),
           cfy::workflow<tutorial::step_5>("my_workflow_module_name.step_5", cfy::resumable),
           cfy::workflow<tutorial::step_5>("my_workflow_module_name.run_operation",
                                           cfy::resumable));
