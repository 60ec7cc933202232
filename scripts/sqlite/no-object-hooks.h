/*
 * Compiled before each C++ file of the SQLite module. Since Node.js 24.19, node_object_wrap.h registers a cleanup hook
 * for each wrapped object and removes it in the destructor; that ends the process if the garbage collector runs while no
 * context is entered (docs/adr/0027). These calls pass an ObjectWrap pointer and so choose the overloads below, which do
 * nothing, as in earlier versions. Other calls pass other pointers and still reach Node.js.
 */
#pragma once
#include <node.h>

namespace node {

class ObjectWrap;
inline void AddEnvironmentCleanupHook(v8::Isolate*, void (*)(void*), ObjectWrap*) {}
inline void RemoveEnvironmentCleanupHook(v8::Isolate*, void (*)(void*), ObjectWrap*) {}

}  // namespace node
