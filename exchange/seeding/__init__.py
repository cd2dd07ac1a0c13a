"""Fictitious lycées of any size: pupils, companies, placements, actions and papers that hang together.

Every person, school and company is invented; only the communes, the diplomas, the NAF codes and the national events are real.
The same random seed and the same day give the same rows and the same public identifiers.

Read in this order: `schools` (one lycée, step by step), then one module a subject: `people`, `companies`, `agreements`,
`training`, `papers`, `events`, `giving`, `surveying`. `world` holds the rows until `store` writes them in bulk.
"""
