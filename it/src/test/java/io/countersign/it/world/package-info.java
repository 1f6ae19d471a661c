/** What the stories are played with: a running demo, its clients, and the machine's packages. */
package io.countersign.it.world;
