/* A shared library of any kind. */
int answer(void);
int answer(void) {
  return 42;
}
