# For commands_test.py, as CMAKE_TOOLCHAIN_FILE in the environment: what the documents' commands build is built as they
# say, but not optimised, which takes half the time.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O0" CACHE STRING "")
