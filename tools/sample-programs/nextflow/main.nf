nextflow.enable.dsl = 2

process numbersTo {
  input: val n
  output: path 'numbers'
  script: "seq $n > numbers"
}
process square {
  input: path numbers
  output: path 'squares'
  script: "awk '{ print \$1 * \$1 }' $numbers > squares"
}
process total {
  publishDir params.results
  input: path squares
  output: path 'sum'
  script: "awk '{ s += \$1 } END { print s }' $squares > sum"
}
workflow {
  Channel.of(10) | numbersTo | square | total
}
