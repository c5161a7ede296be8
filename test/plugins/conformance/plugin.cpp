// The workflows of the recorded behaviour cases: the steps of the tutorial as they are shipped, and
// those of the workflow author's guide.
#include "../../../plugins/tutorial/tutorial.hpp"
#include "workflows.hpp"

CFY_PLUGIN("my_workflow_plugin_name", "1.0.0", cfy::workflow<tutorial::step_1>("tutorial.step_1"),
           cfy::workflow<tutorial::step_2>("tutorial.step_2"),
           cfy::workflow<tutorial::step_3>("tutorial.step_3"),
           cfy::workflow<tutorial::step_4>("tutorial.step_4"),
           cfy::workflow<tutorial::step_5>("tutorial.step_5"),
           cfy::workflow<conformance::standard>("tutorial.standard"),
           cfy::workflow<conformance::standard_cancel>("tutorial.standard_cancel"),
           cfy::workflow<conformance::standard_ignores_cancel>("tutorial.standard_ignores_cancel"),
           cfy::workflow<conformance::use_contained_subgraph>("tutorial.use_contained_subgraph"),
           cfy::workflow<conformance::graph_cancel_cleanup>("tutorial.graph_cancel_cleanup"),
           cfy::workflow<conformance::task_handlers>("tutorial.task_handlers"),
           cfy::workflow<conformance::use_modify>("tutorial.use_modify"),
           cfy::workflow<conformance::use_forkjoin>("tutorial.use_forkjoin"),
           cfy::workflow<conformance::use_subgraphs>("tutorial.use_subgraphs"));
