#!/usr/bin/env bash
# Builds and tests. What continuous integration calls, and what to run before a commit.
#
#   scripts/test.sh            dev build with warnings as errors, all tests, format
#   scripts/test.sh --quick    dev build and the unit tests only
#   scripts/test.sh --asan     all tests under the address and undefined behaviour sanitizers
#   scripts/test.sh --tsan     what has threads under the thread sanitizer
#   scripts/test.sh --ci       the default, the unit tests of --asan, and --tsan
#   scripts/test.sh --clang    everything built with clang++, warnings as errors
#   scripts/test.sh --fuzz N   run each fuzzer of test/fuzz for N seconds (clang, asan)
#   scripts/test.sh --all      the default, --clang, --asan and --tsan
#
# Options add up. The last line is "N passed, N failed": tests, and steps that failed before them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

usage() { sed -n '2,13s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; }

stages=()
fuzz_seconds=60
while [ $# -gt 0 ]; do
  case "$1" in
    --quick) stages+=(quick) ;;
    --asan) stages+=(asan) ;;
    --tsan) stages+=(tsan) ;;
    --ci) stages+=(default asan-unit tsan) ;;
    --clang) stages+=(clang) ;;
    --fuzz)
      stages+=(fuzz)
      fuzz_seconds=${2:?--fuzz wants a number of seconds}
      shift
      ;;
    --all) stages+=(default clang asan tsan) ;;
    -h | --help) usage; exit 0 ;;
    *) usage >&2; exit 2 ;;
  esac
  shift
done
if [ ${#stages[@]} -eq 0 ]; then stages=(default); fi

passed=0
failed=0
log=$(mktemp)
finish() {
  rm -f "$log"
  echo "$passed passed, $failed failed"
  [ "$failed" -eq 0 ]
}

# step NAME COMMAND...: run it; its output is shown when it fails, which counts as a failed test.
step() {
  local name=$1
  shift
  echo "== $name"
  if ! "$@" >"$log" 2>&1; then
    cat "$log"
    echo "== $name failed"
    failed=$((failed + 1))
    return 1
  fi
}

build() {  # PRESET TARGET...
  local preset=$1
  shift
  cmake --preset "$preset" -DBUILD_TESTING=ON && cmake --build --preset "$preset" --target "${@:-all}"
}

# Only whether it builds matters here, so without debug information. Each file by itself, as the
# presets compile ten as one and would not see a missing include.
build_with_clang() {
  cmake -S . -B build/clang -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCFY_WERROR=ON -DBUILD_TESTING=ON \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_C_FLAGS_DEBUG= -DCMAKE_CXX_FLAGS_DEBUG= && cmake --build build/clang
}

build_fuzzers() {
  cmake -S . -B build/fuzz -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCFY_FUZZ=ON \
    -DCMAKE_UNITY_BUILD=ON -DCMAKE_UNITY_BUILD_BATCH_SIZE=10 -DBUILD_TESTING=ON \
    -DCFY_SANITIZE=address -DCMAKE_CXX_FLAGS_DEBUG="-O1 -g1" \
    -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ &&
    cmake --build build/fuzz --target plan_fuzz protocol_fuzz
}

collect_seeds() {
  mkdir -p build/fuzz/seeds/plan build/fuzz/seeds/protocol
  local blueprint
  for blueprint in blueprints/*/*.yaml; do
    cp "$blueprint" "build/fuzz/seeds/plan/$(echo "$blueprint" | tr / -)"
  done
  cp test/unit/dispatch/conversations/*.txt test/fuzz/conversations/*.txt build/fuzz/seeds/protocol
}

# What it finds stays in build/fuzz/findings; the corpus grows in build/fuzz/corpus.
run_fuzzer() {  # NAME
  mkdir -p "build/fuzz/corpus/$1" "build/fuzz/findings/$1"
  "build/fuzz/bin/$1_fuzz" -max_total_time="$fuzz_seconds" -timeout=10 -rss_limit_mb=2048 \
    -max_len=20000 -artifact_prefix="build/fuzz/findings/$1/" \
    "build/fuzz/corpus/$1" "build/fuzz/seeds/$1"
}

fuzz() {  # NAME
  step "fuzz $1 for $fuzz_seconds s" run_fuzzer "$1" || return 0
  passed=$((passed + 1))
  # "Done 87984 runs in 601 second(s)"
  echo "   $(grep '^Done' "$log"), $(find "build/fuzz/corpus/$1" -type f | wc -l) texts in its corpus"
}

# run_tests PRESET CTEST-ARGUMENT...: counts what ctest says at its end.
run_tests() {
  local preset=$1 summary total bad
  shift
  echo "== tests, $preset"
  ctest --test-dir "build/$preset" -j 2 --output-on-failure --no-tests=error "$@" 2>&1 |
    tee "$log" || true
  # "97% tests passed, 1 tests failed out of 34"
  summary=$(grep -E 'tests passed, [0-9]+ tests failed out of [0-9]+' "$log" | tail -n 1 || true)
  if [ -z "$summary" ]; then
    failed=$((failed + 1))
    return
  fi
  bad=$(sed -E 's/.* ([0-9]+) tests failed.*/\1/' <<<"$summary")
  total=$(sed -E 's/.*out of ([0-9]+).*/\1/' <<<"$summary")
  failed=$((failed + bad))
  passed=$((passed + total - bad))
}

run_stage() {
  case "$1" in
    quick)
      if step "build, dev" build dev; then run_tests dev -L unit; fi
      ;;
    default)
      if step "build, dev" build dev; then run_tests dev; fi
      step "format" scripts/format.sh --check || true
      ;;
    clang)
      if step "build with clang++" build_with_clang; then passed=$((passed + 1)); fi
      ;;
    fuzz)
      if step "build, fuzz" build_fuzzers; then
        collect_seeds
        fuzz plan
        fuzz protocol
      fi
      ;;
    asan | asan-unit)
      export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1}
      export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
      if [ "$1" = asan ]; then
        if step "build, asan" build asan; then run_tests asan; fi
      else
        if step "build, asan" build asan unit_tests; then run_tests asan -L unit; fi
      fi
      ;;
    tsan)
      local rooms=(graph exec dispatch process)
      if step "build, tsan" build tsan "${rooms[@]/%/_test}"; then
        run_tests tsan -R "^unit\.($(IFS='|'; echo "${rooms[*]}"))\$"
      fi
      ;;
  esac
}

if step "setup" scripts/setup.sh --dev; then
  for stage in "${stages[@]}"; do run_stage "$stage"; done
fi
finish
