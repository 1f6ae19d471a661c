/** Duties for a time: asking for them, breaking the glass, ending them; and the alarm that every page shows. */
package io.countersign.console.grants;
