/* Twin of Families/queue_workers.heddle. `main` is a process that starts and joins the workers. */
#ifndef WORKERS
#define WORKERS 2
#endif
#ifndef ITEMS
#define ITEMS 3
#endif
#if ITEMS > WORKERS
#define ROOM ITEMS
#else
#define ROOM WORKERS
#endif
#define NONE 255

chan tasks = [ROOM] of { byte };
byte unfinished;
byte handled;
byte ended;
bit tally;
bit started;

active [WORKERS] proctype worker() {
  byte item;
  byte seen;
again:
  atomic {
    started && nempty(tasks);
    tasks?item;
    if
    :: item == NONE -> item = 0; ended++; goto end
    :: else -> item = 0
    fi
  }
  d_step { !tally; tally = 1 }
  seen = handled;
  d_step { handled = seen + 1; seen = 0 }
  tally = 0;
  atomic { unfinished--; goto again }
end:
  false
}

active proctype main() {
  byte task;
  started = 1;
  do
  :: d_step { task < ITEMS; tasks!task; unfinished++; task++ }
  :: d_step { task == ITEMS && unfinished == 0; task = 0 } break
  od;
  do
  :: d_step { task < WORKERS; tasks!NONE; unfinished++; task++ }
  :: d_step { task == WORKERS && ended == WORKERS; task = 0 } break
  od;
  assert(handled == ITEMS);
end:
  false
}
