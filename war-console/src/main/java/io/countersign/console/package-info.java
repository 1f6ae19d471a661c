/**
 * The console: a bean and a page for each thing that people do there.
 *
 * <p>A bean loads its view records once, before the page is rendered, and its getters only hand them out. What somebody may
 * see or do is asked of the boundaries; that a page hides a button is a courtesy and never a control.
 */
package io.countersign.console;
