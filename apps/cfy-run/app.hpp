// The command line as a whole: global options, the commands, and how a failure becomes an exit
// code.
#pragma once

namespace cfy::app {

/// Parse, run the chosen command and give the exit code. Errors are printed, never thrown.
int run_program(int argc, char** argv);

}  // namespace cfy::app
