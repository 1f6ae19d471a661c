/** Plans: which there are, and how far each has come. */
package io.countersign.console.plans;
