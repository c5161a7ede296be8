// main: parse, run the chosen command, exit. All else is in the commands, which tests can call.
#include "app.hpp"

int main(int argc, char** argv) {
  return cfy::app::run_program(argc, argv);
}
