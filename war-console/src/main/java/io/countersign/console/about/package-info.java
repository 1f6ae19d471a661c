/** How the gateway is, for administrators. */
package io.countersign.console.about;
