// main: parse, run the chosen command, exit. All else is in the commands, which tests can call.
#include <malloc.h>

#include "app.hpp"

int main(int argc, char** argv) {
  // glibc goes through all small free blocks at each large allocation unless it merges them at
  // once. A plan is made of small blocks: it takes a fifth less time this way.
  mallopt(M_MXFAST, 0);
  return cfy::app::run_program(argc, argv);
}
